using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>listen.tls</c> and <c>listen.adminTls</c>, and the certificates they name. What is wrong with a file is told without what it holds.</summary>
internal static class TlsSection
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>The section; null when it is absent, or refused with an error added.</summary>
    public static TlsConfiguration? Read(Section section)
    {
        string? password = SecretReader.Read(section, "password");
        if (section.Setting("certificateFile") is not { Text: { } name } file || ReadFile(section, file) is not { } bytes)
        {
            return null;
        }

        bool isPkcs12 = name.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);
        if (isPkcs12 && section.Has("keyFile"))
        {
            section.Refuse("keyFile", "has no meaning beside a certificate in PKCS #12, which holds its key");
            return null;
        }

        return (isPkcs12 ? FromPkcs12(section, bytes, password) : FromPem(section, bytes, password)) is not { } certificate ? null : new TlsConfiguration
        {
            Certificate = certificate,
            Protocols = section.Text("minimumVersion") == "1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    private static byte[]? ReadFile(Section section, Setting setting)
    {
        try
        {
            return section.Context.ReadFile(setting, MaxFileBytes);
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            section.Context.Errors.Add(setting.Error($"the file cannot be read: {BoundedFile.Describe(refused)}"));
            return null;
        }
    }

    private static SslStreamCertificateContext? FromPkcs12(Section section, byte[] bytes, string? password)
    {
        try
        {
            X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12Collection(bytes, password);
            if (all.FirstOrDefault(certificate => certificate.HasPrivateKey) is { } own)
            {
                return ContextOf(own, all);
            }

            section.Refuse("certificateFile", "the file holds no certificate with a private key");
        }
        catch (CryptographicException)
        {
            section.Refuse("certificateFile", "the file is not PKCS #12, or its password is another one");
        }

        return null;
    }

    private static SslStreamCertificateContext? FromPem(Section section, byte[] bytes, string? password)
    {
        byte[]? keyBytes = section.Setting("keyFile") is { Text: not null } keyFile ? ReadFile(section, keyFile) : section.Has("keyFile") ? null : bytes;
        if (keyBytes is null)
        {
            return null;
        }

        X509Certificate2Collection all = [];
        try
        {
            all.ImportFromPem(BoundedFile.TextOf(bytes));
        }
        catch (Exception refused) when (refused is CryptographicException || BoundedFile.IsExpected(refused))
        {
            section.Refuse("certificateFile", "the file holds a certificate that cannot be read");
            return null;
        }

        if (all.Count == 0)
        {
            section.Refuse("certificateFile", "the file holds no certificate in PEM form");
            return null;
        }

        try
        {
            return ContextOf(WithKey(all[0], BoundedFile.TextOf(keyBytes), password), all);
        }
        catch (Exception refused) when (refused is CryptographicException || BoundedFile.IsExpected(refused))
        {
            section.Refuse(
                section.Has("keyFile") ? "keyFile" : "certificateFile",
                password is null ? "holds no private key in PEM form that is the certificate's, or it has a password" : "holds no private key in PEM form that is the certificate's and has this password");
            return null;
        }
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string key, string? password)
    {
        string pem = certificate.ExportCertificatePem();
        return password is null ? X509Certificate2.CreateFromPem(pem, key) : X509Certificate2.CreateFromEncryptedPem(pem, key, password);
    }

    private static SslStreamCertificateContext ContextOf(X509Certificate2 own, X509Certificate2Collection all) =>
        SslStreamCertificateContext.Create(own, [.. all.Where(other => other.Thumbprint != own.Thumbprint)], offline: true);
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace S3Proxy.Testing.Tls;

/// <summary>A certificate for 127.0.0.1 that signed itself, with its key. Immutable.</summary>
public sealed class ServerCertificate : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly X509Certificate2 _certificate;

    /// <param name="name">Common name.</param>
    /// <param name="until">End of its validity; null for long enough.</param>
    public ServerCertificate(string name, DateTimeOffset? until = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(From, until ?? From.AddYears(100));
        KeyPem = key.ExportPkcs8PrivateKeyPem();
        EncryptedKeyPem = key.ExportEncryptedPkcs8PrivateKeyPem("s3cret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    /// <summary>For clients of tests, which look at certificates themselves: takes any that there is.</summary>
    public static RemoteCertificateValidationCallback IsThere { get; } = static (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable);

    public string Thumbprint => _certificate.Thumbprint;

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string KeyPem { get; }

    /// <summary>The key under the password <c>s3cret</c>.</summary>
    public string EncryptedKeyPem { get; }

    /// <summary>Certificate and key as PKCS #12.</summary>
    public byte[] Pkcs12(string? password) => _certificate.Export(X509ContentType.Pkcs12, password);

    public void Dispose() => _certificate.Dispose();
}

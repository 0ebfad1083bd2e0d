using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace S3Proxy.Caching.Redis;

/// <summary>Authorities that are trusted instead of the system's.</summary>
internal static class CertificateAuthorities
{
    /// <summary>The certificates of a PEM text.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One of them cannot be read.</exception>
    public static X509Certificate2Collection Read(string pem)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(pem);
        return authorities;
    }

    /// <summary>Accepts a server whose certificate names it and whose chain ends at one of <paramref name="authorities"/>.</summary>
    public static RemoteCertificateValidationCallback Trusting(X509Certificate2Collection authorities) => (_, certificate, presented, errors) =>
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(element => element.Certificate).ToArray());
        }

        using X509Certificate2 server = new(certificate);
        return chain.Build(server);
    };
}

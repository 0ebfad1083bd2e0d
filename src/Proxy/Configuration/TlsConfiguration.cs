using System.Net.Security;
using System.Security.Authentication;

namespace S3Proxy.Configuration;

/// <summary>The certificate of a port, with its private key. Immutable.</summary>
internal sealed record TlsConfiguration
{
    /// <summary>Certificate, key and the certificates between it and its authority.</summary>
    public required SslStreamCertificateContext Certificate { get; init; }

    /// <summary>Versions of TLS that clients may use.</summary>
    public required SslProtocols Protocols { get; init; }

    /// <summary>When the certificate ceases to be valid.</summary>
    public DateTimeOffset NotAfter => Certificate.TargetCertificate.NotAfter.ToUniversalTime();

    /// <summary>For people and logs.</summary>
    public override string ToString() => $"{Certificate.TargetCertificate.Subject}, until {NotAfter:u}";
}

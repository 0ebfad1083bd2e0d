using S3Proxy.Testing.Tls;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>What all servers of a scenario over TLS prove themselves with. Immutable.</summary>
/// <param name="CertificateFile">PEM.</param>
/// <param name="KeyFile">PEM, ECDSA P-256, without a password.</param>
internal sealed record CertificateFiles(string CertificateFile, string KeyFile)
{
    /// <summary>Makes one that signed itself, for 127.0.0.1.</summary>
    /// <param name="directory">Where its files are written.</param>
    public static CertificateFiles Create(string directory)
    {
        using ServerCertificate made = new("peers");
        CertificateFiles files = new(Path.Combine(directory, "server.crt"), Path.Combine(directory, "server.key"));
        File.WriteAllText(files.CertificateFile, made.CertificatePem);
        File.WriteAllText(files.KeyFile, made.KeyPem);
        return files;
    }
}

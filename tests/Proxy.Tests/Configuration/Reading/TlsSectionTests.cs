using System.Security.Authentication;
using S3Proxy.Configuration;
using S3Proxy.Testing.Tls;

namespace S3Proxy.Tests.Configuration.Reading;

/// <summary>Certificates are read, and refused, with the configuration.</summary>
public sealed class TlsSectionTests : IDisposable
{
    private const string Listen = "listen: { endpoint: \"https://127.0.0.1:9443\", tls: { certificateFile: tls.crt, keyFile: tls.key } }\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-tls-").FullName;
    private readonly ServerCertificate _one = new("one");
    private readonly ServerCertificate _other = new("other");

    public TlsSectionTests()
    {
        Put("tls.crt", _one.CertificatePem);
        Put("tls.key", _one.KeyPem);
        Put("locked.key", _one.EncryptedKeyPem);
        Put("other.key", _other.KeyPem);
        Put("both.pem", _one.KeyPem + "\n" + _one.CertificatePem);
        File.WriteAllBytes(Path.Combine(_directory, "one.pfx"), _one.Pkcs12("s3cret"));
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _one.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("", "", HttpVersions.Http1 | HttpVersions.Http2)]
    [InlineData("certificateFile: tls.crt, keyFile: tls.key", "certificateFile: both.pem", HttpVersions.Http1 | HttpVersions.Http2)]
    [InlineData("keyFile: tls.key", "keyFile: locked.key, password: s3cret", HttpVersions.Http1 | HttpVersions.Http2)]
    [InlineData("certificateFile: tls.crt, keyFile: tls.key", "certificateFile: one.pfx, password: s3cret", HttpVersions.Http1 | HttpVersions.Http2)]
    [InlineData("tls: {", "protocols: [http1], tls: {", HttpVersions.Http1)]
    [InlineData("tls: {", "protocols: [http2], tls: {", HttpVersions.Http2)]
    public void A_certificate_is_read_in_every_form(string original, string replacement, object versions)
    {
        ConfigurationResult result = Load(original.Length == 0 ? Listen : Listen.Replace(original, replacement, StringComparison.Ordinal));

        Assert.Empty(result.Errors);
        ListenConfiguration listen = result.Configuration!.Listen;
        Assert.Equal(_one.Thumbprint, listen.Tls!.Certificate.TargetCertificate.Thumbprint);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, listen.Tls.Protocols);
        Assert.Equal(versions, listen.Protocols);
    }

    [Theory]
    [InlineData("certificateFile: tls.crt", "certificateFile: none.crt", "listen.tls.certificateFile", "there is no such file")]
    [InlineData("certificateFile: tls.crt", "certificateFile: tls.key", "listen.tls.certificateFile", "no certificate in PEM form")]
    [InlineData("keyFile: tls.key", "keyFile: none.key", "listen.tls.keyFile", "there is no such file")]
    [InlineData("keyFile: tls.key", "keyFile: other.key", "listen.tls.keyFile", "that is the certificate's")]
    [InlineData("keyFile: tls.key", "keyFile: locked.key", "listen.tls.keyFile", "or it has a password")]
    [InlineData("keyFile: tls.key", "keyFile: locked.key, password: wr0ng", "listen.tls.keyFile", "has this password")]
    [InlineData(", keyFile: tls.key", "", "listen.tls.certificateFile", "no private key")]
    [InlineData("certificateFile: tls.crt, keyFile: tls.key", "certificateFile: one.pfx, password: wr0ng", "listen.tls.certificateFile", "its password is another one")]
    [InlineData("certificateFile: tls.crt", "certificateFile: one.pfx", "listen.tls.keyFile", "has no meaning beside")]
    [InlineData("certificateFile: tls.crt, ", "", "listen.tls.certificateFile", "is missing")]
    [InlineData("https:", "http:", "listen.tls", "only with https in listen.endpoint")]
    [InlineData("keyFile: tls.key }", "keyFile: tls.key }, admin: \"https://127.0.0.1:9444\"", "listen.admin", "needs listen.adminTls")]
    [InlineData("keyFile: tls.key", "keyFile: tls.key, minimumVersion: 1.1", "listen.tls.minimumVersion", "is not one of 1.2, 1.3")]
    [InlineData("tls: {", "protocols: [], tls: {", "listen.protocols", "is empty")]
    [InlineData("tls: {", "protocols: [http1, http1], tls: {", "listen.protocols[1]", "is given twice")]
    [InlineData("tls: {", "protocols: [http3], tls: {", "listen.protocols[0]", "is not one of http1, http2")]
    public void What_is_wrong_is_told_at_its_place_and_no_secret_with_it(string original, string replacement, string path, string message)
    {
        ConfigurationError error = Assert.Single(Load(Listen.Replace(original, replacement, StringComparison.Ordinal)).Errors);

        Assert.Equal((path, 1), (error.Path, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_tls_a_port_speaks_one_version()
    {
        Assert.Equal(HttpVersions.Http2, Load("listen: { protocols: [http2] }\n").Configuration!.Listen.Protocols);
        Assert.Equal(HttpVersions.Http1, Load("listen: { zeroCopy: true }\n").Configuration!.Listen.Protocols);
        ConfigurationError error = Assert.Single(Load("listen: { protocols: [http1, http2] }\n").Errors);
        Assert.Equal("listen.protocols", error.Path);
        Assert.Contains("use https", error.Message, StringComparison.Ordinal);
    }

    private ConfigurationResult Load(string listen)
    {
        string file = Path.Combine(_directory, "s3proxy.yaml");
        File.WriteAllText(file, listen + Configurations.Least);
        return ConfigurationLoader.LoadFile(file, new Dictionary<string, string>());
    }

    private void Put(string name, string text) => File.WriteAllText(Path.Combine(_directory, name), text);
}

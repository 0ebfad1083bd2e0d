namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A directory that is deleted at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("s3proxy-clients-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

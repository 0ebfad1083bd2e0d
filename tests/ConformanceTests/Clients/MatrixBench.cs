namespace S3Proxy.ConformanceTests.Clients;

/// <summary>What an operation of the matrix works with: one client, open, and the origin to judge it by.</summary>
internal sealed class MatrixBench : IAsyncDisposable
{
    private readonly ClientKind _kind;
    private readonly string _home;
    private ulong _made;
    private int _paths;

    private MatrixBench(ClientKind kind, string home, IMatrixClient client, MatrixAccess access, OriginBucket origin)
    {
        _kind = kind;
        _home = home;
        Client = client;
        Access = access;
        Origin = origin;
    }

    public IMatrixClient Client { get; }

    /// <summary>The ways to the bucket; <see cref="Client"/> takes the signed one.</summary>
    public MatrixAccess Access { get; }

    public OriginBucket Origin { get; }

    /// <summary>For presigned URLs, which need no client of S3.</summary>
    public HttpClient Http { get; } = Loopback.CreateClient();

    /// <summary>Opens the client in a directory of its own below <paramref name="home"/>.</summary>
    public static async Task<MatrixBench> OpenAsync(ClientKind kind, string home, MatrixAccess access, OriginBucket origin)
    {
        string own = Directory.CreateDirectory(Path.Combine(home, "client")).FullName;
        return new MatrixBench(kind, home, await kind.OpenAsync(access.Signed, own), access, origin);
    }

    /// <summary>The same kind of client with another access; the caller disposes of it.</summary>
    public Task<IMatrixClient> OpenAnotherAsync(ClientAccess access) =>
        _kind.OpenAsync(access, Directory.CreateDirectory(NewPath()).FullName);

    /// <summary>A file with bytes that no other has.</summary>
    public MadeFile Make(long bytes) => MadeFile.Create(_home, bytes, ++_made);

    /// <summary>An object with bytes that no other has, put past the proxy.</summary>
    public async Task<MadeFile> MakeObjectAsync(string key, long bytes)
    {
        MadeFile file = Make(bytes);
        await Origin.PutAsync(key, file);
        return file;
    }

    /// <summary>Where nothing is yet.</summary>
    public string NewPath() => Path.Combine(_home, $"came-{++_paths}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Client.DisposeAsync();
    }
}

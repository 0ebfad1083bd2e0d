namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>Keys that clients, proxies and servers like to spell in different ways; requirement S8.</summary>
internal static class Keys
{
    private const int Bytes = 2_000;
    private const int LongestKeyBytes = 1024;

    /// <summary>Put by the client, compared at the origin, and read by the client. Deletes of such keys are elsewhere.</summary>
    public static MatrixOperation Tricky { get; } = MatrixOperation.OfCases<string>(
        "tricky keys",
        [
            "keys/plus+ space (round) [square] {curly}",
            "keys/100% a%2Fb%20c%2B",
            "keys/double//slash",
            "keys/up/../and/./here",
            "keys/é 日本 😀 e\u0301",
            "keys/!*'~-_.$,;:@=&?#\"<>|\\^`",
            .. LongestKeys(),
        ],
        RunAsync);

    private static async Task RunAsync(MatrixBench bench, string key)
    {
        MadeFile sent = bench.Make(Bytes);
        await bench.Client.PutAsync(key, sent.Path);
        await bench.Origin.ExpectAsync(key, sent);
        string path = bench.NewPath();
        await bench.Client.GetAsync(key, path);
        await sent.ExpectAsync(path);
    }

    /// <summary>Keys of as many bytes as S3 allows, of one and of two bytes a character; parts of them fit into a path.</summary>
    private static string[] LongestKeys()
    {
        const string Segment = "/0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789";
        const string Start = "keys/longest";
        int room = LongestKeyBytes - Start.Length;
        string ascii = string.Concat(Enumerable.Repeat(Segment, LongestKeyBytes / Segment.Length + 1))[..room];
        string wide = new('é', room / 2);
        wide = string.Concat(wide.Chunk(100).Select(part => $"/{new string(part[1..])}-"));
        return [Start + ascii, Start + wide];
    }
}

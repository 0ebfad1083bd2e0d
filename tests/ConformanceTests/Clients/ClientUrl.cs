namespace S3Proxy.ConformanceTests.Clients;

/// <summary>URLs that clients print.</summary>
internal static class ClientUrl
{
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>A URL that is sent as it stands: its path is signed, byte by byte.</summary>
    /// <exception cref="ClientRefusedException">It is none.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text.Trim(), in Raw, out Uri? url) && url.Scheme == Uri.UriSchemeHttp ? url : throw new ClientRefusedException($"'{text}' is no URL.");
}

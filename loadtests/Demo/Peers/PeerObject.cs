using System.Globalization;
using System.Text;
using S3Proxy.Demo.Peers.Client;

namespace S3Proxy.Demo.Peers;

/// <summary>An object of the comparison: a window of the content that all share.</summary>
/// <param name="Path">Bucket and key, as requests name them.</param>
/// <param name="Start">Where its bytes begin in the content.</param>
/// <param name="Length">Bytes.</param>
internal sealed record PeerObject(string Path, long Start, long Length)
{
    /// <summary>Asks for all of it.</summary>
    public Ask Whole(Uri endpoint) => new(RequestOf(endpoint, ""), Start, Length, 200);

    /// <summary>Asks for a part of it.</summary>
    public Ask Range(Uri endpoint, long offset, long length) => new(
        RequestOf(endpoint, string.Create(CultureInfo.InvariantCulture, $"Range: bytes={offset}-{offset + length - 1}\r\n")), Start + offset, length, 206);

    private byte[] RequestOf(Uri endpoint, string headers) => Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: {endpoint.Authority}\r\n{headers}\r\n");
}

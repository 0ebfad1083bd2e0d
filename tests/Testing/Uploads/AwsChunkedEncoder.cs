using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Uploads;

/// <summary>
/// Writes aws-chunked as a client does, from the specification and without the product's code, so that the one proves the other. One body each.
/// </summary>
public sealed class AwsChunkedEncoder
{
    private readonly AwsChunkSigning? _signing;
    private readonly byte[] _key = [];
    private string _previous = "";

    /// <param name="signing">Null for chunks without signatures.</param>
    public AwsChunkedEncoder(AwsChunkSigning? signing)
    {
        _signing = signing;
        if (signing is not null)
        {
            _previous = signing.SeedSignature;
            byte[] key = Encoding.UTF8.GetBytes("AWS4" + signing.SecretAccessKey);
            foreach (string step in signing.Scope.Split('/'))
            {
                key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
            }

            _key = key;
        }
    }

    /// <summary>Names of the checksums, lower case.</summary>
    public static IReadOnlyList<string> Algorithms => Checksums.Algorithms;

    /// <summary>A checksum as a trailer carries it.</summary>
    public static string Checksum(string algorithm, ReadOnlySpan<byte> data) => Checksums.Compute(algorithm, data);

    /// <summary>A whole body.</summary>
    /// <param name="signing">Null for chunks without signatures.</param>
    /// <param name="data">The object.</param>
    /// <param name="chunkBytes">Bytes of each chunk but the last.</param>
    /// <param name="trailerName">Null for no trailer.</param>
    /// <param name="trailerValue">Its value.</param>
    public static byte[] Encode(AwsChunkSigning? signing, ReadOnlySpan<byte> data, int chunkBytes, string? trailerName = null, string? trailerValue = null)
    {
        AwsChunkedEncoder encoder = new(signing);
        using MemoryStream body = new();
        for (ReadOnlySpan<byte> rest = data; !rest.IsEmpty; rest = rest[Math.Min(chunkBytes, rest.Length)..])
        {
            ReadOnlySpan<byte> chunk = rest[..Math.Min(chunkBytes, rest.Length)];
            body.Write(Encoding.ASCII.GetBytes(encoder.Header(chunk)));
            body.Write(chunk);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.ASCII.GetBytes(encoder.End(trailerName, trailerValue)));
        return body.ToArray();
    }

    /// <summary>The line before a chunk.</summary>
    public string Header(ReadOnlySpan<byte> chunk)
    {
        string size = chunk.Length.ToString("x", CultureInfo.InvariantCulture);
        return _signing is null ? size + "\r\n" : $"{size};chunk-signature={Sign("PAYLOAD", Hash([]) + "\n" + Hash(chunk))}\r\n";
    }

    /// <summary>Everything after the last chunk with data.</summary>
    public string End(string? trailerName, string? trailerValue)
    {
        StringBuilder text = new(Header([]));
        if (trailerName is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{trailerName}:{trailerValue}\r\n");
            if (_signing is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"x-amz-trailer-signature:{Sign("TRAILER", Hash(Encoding.ASCII.GetBytes($"{trailerName}:{trailerValue}\n")))}\r\n");
            }
        }

        return text.Append("\r\n").ToString();
    }

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private string Sign(string kind, string hashes)
    {
        string text = $"AWS4-HMAC-SHA256-{kind}\n{_signing!.Timestamp}\n{_signing.Scope}\n{_previous}\n{hashes}";
        return _previous = Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
    }
}

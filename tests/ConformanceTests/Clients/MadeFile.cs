using System.Security.Cryptography;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A file whose bytes are known.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">In hexadecimal, lower case.</param>
internal sealed record MadeFile(string Path, long Bytes, string Sha256)
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes a file of synthetic bytes.</summary>
    public static MadeFile Create(string directory, long bytes, ulong seed)
    {
        string path = System.IO.Path.Combine(directory, $"made-{bytes}-{seed}.bin");
        SyntheticContent content = new(bytes, seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream file = File.Create(path);
        byte[] block = new byte[BlockBytes];
        for (long offset = 0; offset < bytes; offset += block.Length)
        {
            Span<byte> piece = block.AsSpan(0, (int)Math.Min(block.Length, bytes - offset));
            content.Fill(offset, piece);
            hash.AppendData(piece);
            file.Write(piece);
        }

        return new MadeFile(path, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Fails unless a downloaded file has these bytes.</summary>
    public async Task ExpectAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
        Assert.True(sha256 == Sha256, $"What came is not the object ({file.Length} bytes instead of {Bytes}).");
    }

    /// <summary>Fails unless a stream has these bytes.</summary>
    public async Task ExpectAsync(Stream stream)
    {
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        Assert.True(sha256 == Sha256, "What came is not the object.");
    }

    /// <summary>Fails unless a downloaded file has the bytes from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public async Task ExpectRangeAsync(string path, long first, long last)
    {
        byte[] expected = new byte[last - first + 1];
        await using FileStream file = File.OpenRead(Path);
        file.Position = first;
        await file.ReadExactlyAsync(expected);
        byte[] actual = await File.ReadAllBytesAsync(path);
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"What came is not bytes {first} to {last} of the object ({actual.Length} bytes instead of {expected.Length}).");
    }
}

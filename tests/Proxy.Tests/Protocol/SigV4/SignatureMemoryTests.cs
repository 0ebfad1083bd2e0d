using System.Security.Cryptography;
using System.Text;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Tests.Protocol.SigV4;

/// <summary>A remembered signature stands for exactly what was signed (requirement A1).</summary>
public sealed class SignatureMemoryTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, SigV4Signature.HashBytes).Select(number => (byte)number)];
    private static readonly byte[] Signed = Encoding.ASCII.GetBytes("GET\n/bucket/key\n\nhost:example\n");
    private readonly SignatureMemory _memory = new();

    [Fact]
    public void A_signature_is_known_once_it_came_twice()
    {
        byte[] signature = SignatureOf(1);
        Assert.False(_memory.Knows(Signed, Key, signature));
        _memory.Note(Signed, Key, signature);
        Assert.False(_memory.Knows(Signed, Key, signature));
        _memory.Note(Signed, Key, signature);
        Assert.True(_memory.Knows(Signed, Key, signature));
    }

    [Fact]
    public void Every_bit_of_what_was_signed_counts()
    {
        byte[] signature = SignatureOf(2);
        _memory.Note(Signed, Key, signature);
        _memory.Note(Signed, Key, signature);
        Assert.All(Flips(Signed), signed => Assert.False(_memory.Knows(signed, Key, signature)));
        Assert.All(Flips(Key), key => Assert.False(_memory.Knows(Signed, key, signature)));
        Assert.All(Flips(signature), other => Assert.False(_memory.Knows(Signed, Key, other)));
        Assert.False(_memory.Knows(Signed.AsSpan(1), Key, signature));
        Assert.False(_memory.Knows([.. Signed, 0], Key, signature));
        Assert.True(_memory.Knows(Signed, Key, signature));
    }

    [Fact]
    public void What_is_too_long_is_not_remembered()
    {
        byte[] signature = SignatureOf(3);
        byte[] signed = new byte[2049];
        _memory.Note(signed, Key, signature);
        _memory.Note(signed, Key, signature);
        Assert.False(_memory.Knows(signed, Key, signature));
    }

    [Fact]
    public void Others_may_push_it_out_and_nothing_else_comes_of_it()
    {
        for (int number = 0; number < 50_000; number++)
        {
            byte[] signature = SignatureOf(number);
            byte[] signed = Encoding.ASCII.GetBytes($"GET /{number}");
            _memory.Note(signed, Key, signature);
            _memory.Note(signed, Key, signature);
            Assert.True(_memory.Knows(signed, Key, signature));
        }

        int known = Enumerable.Range(0, 50_000).Count(number => _memory.Knows(Encoding.ASCII.GetBytes($"GET /{number}"), Key, SignatureOf(number)));
        Assert.InRange(known, 3500, 4096);
    }

    /// <summary>The bytes with each single bit changed in turn.</summary>
    private static IEnumerable<byte[]> Flips(byte[] bytes) => Enumerable.Range(0, bytes.Length * 8).Select(bit =>
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    });

    private static byte[] SignatureOf(int number) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number))));
}

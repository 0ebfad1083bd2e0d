using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.Tests.Forwarding.Uploads;

/// <summary>Requirement S7.</summary>
public sealed class ChunkedDecoderTests
{
    private const string Crc32 = "x-amz-checksum-crc32";
    private static readonly string Good = AwsChunkedEncoder.Checksum("crc32", "hello"u8);

    public static TheoryData<string> Algorithms => [.. AwsChunkedEncoder.Algorithms];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Published_example_of_signed_chunks(int pieceBytes)
    {
        Assert.Equal(66824, ChunkedBodies.PayloadExample.Length);

        (byte[] data, S3Error? refusal) = ChunkedBodies.Decode(NewPayloadExample(), ChunkedBodies.PayloadExample, pieceBytes);

        Assert.Null(refusal);
        Assert.Equal(new string('a', ChunkedBodies.ExampleBytes), Encoding.ASCII.GetString(data));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Published_example_of_a_signed_trailer(int pieceBytes)
    {
        Assert.Equal(66946, ChunkedBodies.TrailerExample.Length);
        using TrailerChecksum checksum = TrailerChecksum.TryCreate("x-amz-checksum-crc32c")!;

        (byte[] data, S3Error? refusal) = ChunkedBodies.Decode(NewTrailerExample(checksum), ChunkedBodies.TrailerExample, pieceBytes);

        Assert.Null(refusal);
        Assert.Equal(ChunkedBodies.ExampleBytes, data.Length);
        Assert.Equal("sOO8/Q==", checksum.Value);
    }

    [Fact]
    public void The_encoder_of_the_tests_writes_the_published_examples()
    {
        byte[] data = Encoding.ASCII.GetBytes(new string('a', ChunkedBodies.ExampleBytes));

        Assert.Equal(ChunkedBodies.PayloadExample, AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.PayloadSeed), data, 65536));
        Assert.Equal(
            ChunkedBodies.TrailerExample,
            AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.TrailerSeed), data, 65536, "x-amz-checksum-crc32c", "sOO8/Q=="));
    }

    [Fact]
    public void A_body_cut_in_two_anywhere_decodes_the_same()
    {
        byte[] data = "0123456789abcdef"u8.ToArray();
        byte[] body = AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.TrailerSeed), data, 7, Crc32, AwsChunkedEncoder.Checksum("crc32", data));
        for (int cut = 0; cut <= body.Length; cut++)
        {
            using TrailerChecksum checksum = TrailerChecksum.TryCreate(Crc32)!;
            using ChunkedDecoder decoder = new(data.Length, ChunkedBodies.Chain(ChunkedBodies.TrailerSeed), checksum);
            byte[] room = new byte[64];
            (int consumed, int first) = decoder.Decode(body.AsSpan(0, cut), room);
            (int rest, int second) = decoder.Decode(body.AsSpan(cut), room.AsSpan(first));
            decoder.End();

            Assert.Null(decoder.Refusal);
            Assert.Equal((cut, body.Length - cut), (consumed, rest));
            Assert.Equal(data, room[..(first + second)]);
        }
    }

    [Fact]
    public void A_body_that_ends_early_anywhere_is_incomplete()
    {
        byte[] body = AwsChunkedEncoder.Encode(null, "hello"u8, 3, Crc32, Good);
        for (int length = 0; length < body.Length; length++)
        {
            using TrailerChecksum checksum = TrailerChecksum.TryCreate(Crc32)!;
            Assert.Equal(S3ErrorCode.IncompleteBody, ChunkedBodies.Decode(new ChunkedDecoder(5, null, checksum), body[..length]).Refusal?.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Each_checksum_is_verified(string algorithm)
    {
        string name = "x-amz-checksum-" + algorithm;
        string right = AwsChunkedEncoder.Checksum(algorithm, "hello"u8);
        string wrong = AwsChunkedEncoder.Checksum(algorithm, "hellO"u8);

        Assert.Null(DecodeTrailer(name, $"5\r\nhello\r\n0\r\n{name}:{right}\r\n\r\n"));
        Assert.Equal(S3ErrorCode.BadDigest, DecodeTrailer(name, $"5\r\nhello\r\n0\r\n{name}:{wrong}\r\n\r\n")?.Code);
        Assert.Equal(S3ErrorCode.BadDigest, DecodeTrailer(name, $"5\r\nhellO\r\n0\r\n{name}:{right}\r\n\r\n")?.Code);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("3\r\nhel\r\n2\r\nlo\r\n000\r\n\r\n")]
    [InlineData("5;chunk-signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\nhello\r\n0\r\n\r\n")]
    public void Unsigned_bodies_without_trailer(string body) => Assert.Null(Decode(body));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("x\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("5\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("5\r\nhell\r\n0\r\n\r\n")]
    [InlineData("4\r\nhell\r\n0\r\n\r\n")]
    [InlineData("6\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n")]
    [InlineData("0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("00000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("8000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;x=y\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n!")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n")]
    public void Broken_framing_is_incomplete(string body) => Assert.Equal(S3ErrorCode.IncompleteBody, Decode(body)?.Code);

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n:NhCmhg==\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-sha1:NhCmhg==\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\nx\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-meta-a:b\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32 :NhCmhg==\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n\r\n")]
    public void A_trailer_that_is_not_the_announced_one_is_malformed(string body) =>
        Assert.Equal(S3ErrorCode.MalformedTrailerError, DecodeTrailer(Crc32, body)?.Code);

    [Fact]
    public void A_trailer_that_was_not_announced_is_malformed() =>
        Assert.Equal(S3ErrorCode.MalformedTrailerError, Decode($"5\r\nhello\r\n0\r\n{Crc32}:{Good}\r\n\r\n")?.Code);

    [Theory]
    [InlineData("")]
    [InlineData("NhCmhg")]
    [InlineData("NhCmhg==NhCmhg==")]
    [InlineData("***")]
    [InlineData("qvTGHdzF6KLavt4PO0gs2a6pQ00=")]
    public void A_value_that_is_no_checksum_is_invalid(string value) =>
        Assert.Equal(S3ErrorCode.InvalidRequest, DecodeTrailer(Crc32, $"5\r\nhello\r\n0\r\n{Crc32}:{value}\r\n\r\n")?.Code);

    [Fact]
    public void Name_in_capitals_and_blanks_around_the_value_do_not_matter() =>
        Assert.Null(DecodeTrailer(Crc32, $"5\r\nhello\r\n0\r\nX-Amz-Checksum-CRC32: {Good}\t\r\n\r\n"));

    [Theory]
    [InlineData("5;chunk-signature=")]
    [InlineData("")]
    [InlineData("0\r\n")]
    public void Lines_without_end_are_refused_and_not_collected(string start)
    {
        using TrailerChecksum checksum = TrailerChecksum.TryCreate(Crc32)!;
        using ChunkedDecoder decoder = new(start == "0\r\n" ? 0 : 5, null, checksum);
        (int consumed, _) = decoder.Decode(Encoding.ASCII.GetBytes(start + new string('0', LineBuffer.MaxBytes + 3)), new byte[16]);

        Assert.NotNull(decoder.Refusal);
        Assert.True(consumed <= start.Length + LineBuffer.MaxBytes + 3);
    }

    [Fact]
    public void Any_changed_bit_of_a_signed_body_is_noticed()
    {
        byte[] data = "hello world"u8.ToArray();
        byte[] body = AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.TrailerSeed), data, 6, Crc32, AwsChunkedEncoder.Checksum("crc32", data));
        for (int position = 0; position < body.Length; position++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = (byte[])body.Clone();
                changed[position] ^= (byte)(1 << bit);
                using TrailerChecksum checksum = TrailerChecksum.TryCreate(Crc32)!;
                (byte[] decoded, S3Error? refusal) =
                    ChunkedBodies.Decode(new ChunkedDecoder(data.Length, ChunkedBodies.Chain(ChunkedBodies.TrailerSeed), checksum), changed);
                Assert.True(refusal is not null || decoded.SequenceEqual(data), $"bit {bit} of byte {position} went through");
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signature_that_is_missing_where_chunks_are_signed_is_refused(bool first)
    {
        string body = Encoding.ASCII.GetString(AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.PayloadSeed), "hello"u8, 5));
        int from = first ? body.IndexOf(';', StringComparison.Ordinal) : body.LastIndexOf(';');
        string cut = body.Remove(from, body.IndexOf('\r', from) - from);

        (_, S3Error? refusal) = ChunkedBodies.Decode(new ChunkedDecoder(5, ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), null), Encoding.ASCII.GetBytes(cut));

        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, refusal?.Code);
    }

    [Fact]
    public void A_trailer_without_its_signature_is_refused()
    {
        string body = Encoding.ASCII.GetString(ChunkedBodies.TrailerExample);
        string cut = body[..body.IndexOf("x-amz-trailer-signature", StringComparison.Ordinal)] + "\r\n";
        using TrailerChecksum checksum = TrailerChecksum.TryCreate("x-amz-checksum-crc32c")!;

        (_, S3Error? refusal) = ChunkedBodies.Decode(NewTrailerExample(checksum), Encoding.ASCII.GetBytes(cut));

        Assert.Equal(S3ErrorCode.MalformedTrailerError, refusal?.Code);
    }

    [Fact]
    public void Two_chunks_that_changed_places_are_refused()
    {
        AwsChunkedEncoder encoder = new(ChunkedBodies.Signing(ChunkedBodies.PayloadSeed));
        string one = encoder.Header("aaa"u8) + "aaa\r\n";
        string two = encoder.Header("bbb"u8) + "bbb\r\n";

        (_, S3Error? refusal) = ChunkedBodies.Decode(
            new ChunkedDecoder(6, ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), null), Encoding.ASCII.GetBytes(two + one + encoder.End(null, null)));

        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, refusal?.Code);
    }

    [Fact]
    public void What_was_encoded_is_decoded_whatever_the_pieces() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        (from chunk in Gen.Choose(1, 40) from piece in Gen.Choose(1, 50) from room in Gen.Choose(1, 50) from form in Gen.Choose(0, 3) select (chunk, piece, room, form)).ToArbitrary(),
        (data, shape) =>
        {
            AwsChunkSigning? signing = shape.form % 2 == 0 ? ChunkedBodies.Signing(ChunkedBodies.PayloadSeed) : null;
            string? trailer = shape.form < 2 ? null : "x-amz-checksum-crc64nvme";
            byte[] body = AwsChunkedEncoder.Encode(signing, data, shape.chunk, trailer, trailer is null ? null : AwsChunkedEncoder.Checksum("crc64nvme", data));
            using TrailerChecksum? checksum = TrailerChecksum.TryCreate(trailer);
            ChunkedDecoder decoder = new(data.Length, signing is null ? null : ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), checksum);

            (byte[] decoded, S3Error? refusal) = ChunkedBodies.Decode(decoder, body, shape.piece, shape.room);

            return refusal is null && decoded.SequenceEqual(data);
        }).QuickCheckThrowOnFailure();

    /// <summary>Mutated bodies never crash or hang, and never pass unless they say the same.</summary>
    [Fact]
    public void Mutated_bodies_are_refused_or_equal() => Prop.ForAll(
        (from edits in (from at in Gen.Choose(0, 400) from kind in Gen.Choose(0, 3) from value in Gen.Choose(0, 255) select (at, kind, (byte)value)).NonEmptyListOf()
         from room in Gen.Choose(1, 30)
         select (edits, room)).ToArbitrary(),
        sample =>
        {
            byte[] data = "mutations of a body that is signed"u8.ToArray();
            byte[] body = AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.TrailerSeed), data, 11, Crc32, AwsChunkedEncoder.Checksum("crc32", data));
            List<byte> mutated = [.. body];
            foreach ((int at, int kind, byte value) in sample.edits)
            {
                Mutate(mutated, at % (mutated.Count + 1), kind, value);
            }

            using TrailerChecksum checksum = TrailerChecksum.TryCreate(Crc32)!;
            ChunkedDecoder decoder = new(data.Length, ChunkedBodies.Chain(ChunkedBodies.TrailerSeed), checksum);
            (byte[] decoded, S3Error? refusal) = ChunkedBodies.Decode(decoder, [.. mutated], pieceBytes: 13, sample.room);
            return refusal is not null || decoded.SequenceEqual(data);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static void Mutate(List<byte> bytes, int at, int kind, byte value)
    {
        switch (kind)
        {
            case 0:
                bytes.Insert(at, value);
                break;
            case 1 when at < bytes.Count:
                bytes.RemoveAt(at);
                break;
            case 2 when at < bytes.Count:
                bytes[at] = value;
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static ChunkedDecoder NewPayloadExample() => new(ChunkedBodies.ExampleBytes, ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), null);

    private static ChunkedDecoder NewTrailerExample(TrailerChecksum checksum) =>
        new(ChunkedBodies.ExampleBytes, ChunkedBodies.Chain(ChunkedBodies.TrailerSeed), checksum);

    private static S3Error? Decode(string body) => ChunkedBodies.Decode(new ChunkedDecoder(5, null, null), Encoding.ASCII.GetBytes(body)).Refusal;

    private static S3Error? DecodeTrailer(string name, string body)
    {
        using TrailerChecksum checksum = TrailerChecksum.TryCreate(name)!;
        return ChunkedBodies.Decode(new ChunkedDecoder(5, null, checksum), Encoding.ASCII.GetBytes(body)).Refusal;
    }
}

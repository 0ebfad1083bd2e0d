using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Caching.Redis;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Requirement C6: of whatever lies in Redis, only right bytes are used, in their order.</summary>
public sealed class SliceFrameReaderTests
{
    private const int SliceBytes = 256 << 10;
    private const string Golden = "tests/Proxy.Tests/Caching/Redis/golden/slice-1.bin";
    private static readonly RedisVersion Version = new(TestObjects.Version("k", (2 * SliceBytes) - 1000), SliceBytes);
    private static readonly byte[] Slice = MakeSlice();

    [Fact]
    public void Frames_in_order_give_the_slice_whatever_the_pieces()
    {
        byte[] stored = Frames(new Random(1), writers: 1);
        foreach (int piece in new[] { 1, 7, 55, 56, 57, 4096, 65_592, stored.Length })
        {
            (byte[] read, SliceFrameReader reader) = ReadAll(stored, _ => piece);
            Assert.True(reader.IsComplete);
            Assert.Equal(Slice, read);
        }
    }

    [Fact]
    public void Frames_of_two_writers_in_any_order_never_give_a_wrong_byte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            byte[] stored = Frames(random, writers: 2);
            (byte[] read, SliceFrameReader reader) = ReadAll(stored, _ => random.Next(1, 100_000));

            // Each writer wrote all of its frames in order, so that nothing is missing.
            return reader.IsComplete && read.AsSpan().SequenceEqual(Slice);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Frames_in_a_random_order_give_a_right_beginning() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            byte[][] frames = [.. FramesOf(random)];
            random.Shuffle(frames);
            (byte[] read, SliceFrameReader reader) = ReadAll([.. frames.SelectMany(frame => frame)], _ => random.Next(1, 100_000));

            return reader.Problem == RecordProblem.None && reader.Offset == read.Length && Slice.AsSpan().StartsWith(read);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Random_damage_never_gives_a_wrong_byte() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            byte[] stored = Frames(random, writers: 2);
            switch (random.Next(3))
            {
                case 0:
                    stored[random.Next(stored.Length)] ^= (byte)random.Next(1, 256);
                    break;
                case 1:
                    random.NextBytes(stored.AsSpan(random.Next(stored.Length)));
                    break;
                default:
                    int cut = random.Next(stored.Length);
                    stored = [.. stored[..cut], .. stored[Math.Min(stored.Length, cut + random.Next(1, 1000))..]];
                    break;
            }

            (byte[] read, _) = ReadAll(stored, _ => random.Next(1, 100_000));
            return Slice.AsSpan().StartsWith(read);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Every_flipped_bit_of_a_frame_is_refused_and_every_cut_waits_for_more()
    {
        byte[] frame = SliceFrames.Make(Version, 1, 0, Slice.AsSpan(0, 40));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] flipped = [.. frame];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            (byte[] read, SliceFrameReader reader) = ReadAll(flipped, _ => flipped.Length);
            Assert.Empty(read);
            Assert.True(reader.Problem != RecordProblem.None || bit / 8 is >= 48 and < 52, $"bit {bit}");
        }

        for (int length = 0; length < frame.Length; length++)
        {
            (byte[] read, SliceFrameReader reader) = ReadAll(frame[..length], _ => 9);
            Assert.Empty(read);
            Assert.Equal(RecordProblem.None, reader.Problem);
        }
    }

    [Fact]
    public void A_frame_of_another_version_slice_or_cut_is_refused_as_such()
    {
        RedisVersion otherCut = new(Version.Version, SliceBytes / 2);
        RedisVersion otherVersion = new(TestObjects.Version("k", Version.Version.SizeBytes, "\"other\""), SliceBytes);
        foreach (byte[] frame in new[]
        {
            SliceFrames.Make(otherCut, 1, 0, Slice.AsSpan(0, 40)),
            SliceFrames.Make(otherVersion, 1, 0, Slice.AsSpan(0, 40)),
            SliceFrames.Make(Version, 0, 0, Slice.AsSpan(0, 40)),
        })
        {
            Assert.Equal(RecordProblem.OtherIdentity, ReadAll(frame, _ => 1000).Reader.Problem);
        }
    }

    [Fact]
    public void A_frame_beyond_the_end_of_the_slice_is_refused()
    {
        byte[] frame = SliceFrames.Make(Version, 1, Slice.Length - 10, Slice.AsSpan(0, 11));

        Assert.Equal(RecordProblem.Malformed, ReadAll(frame, _ => 1000).Reader.Problem);
    }

    [Fact]
    public void A_slice_of_layout_1_is_read_for_ever()
    {
        byte[] stored = File.ReadAllBytes(Repository.PathOf(Golden));
        byte[] expected = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        RedisVersion version = new(TestObjects.Version("golden", 300), SliceBytes);
        SliceFrameReader reader = new(version, 0);
        List<byte> read = [];
        reader.Feed(stored);
        while (reader.TryRead(out ReadOnlyMemory<byte> body))
        {
            read.AddRange(body.Span);
        }

        Assert.Equal(expected, read);
        byte[] written = [.. SliceFrames.Make(version, 0, 0, expected.AsSpan(0, 200)), .. SliceFrames.Make(version, 0, 200, expected.AsSpan(200))];
        Assert.Equal(stored, written);
    }

    private static byte[] MakeSlice()
    {
        byte[] slice = new byte[Version.LengthOf(1)];
        new Random(42).NextBytes(slice);
        return slice;
    }

    /// <summary>All of the slice in frames of random lengths, in their order.</summary>
    private static IEnumerable<byte[]> FramesOf(Random random)
    {
        for (int offset = 0; offset < Slice.Length;)
        {
            int length = Math.Min(random.Next(1, SliceFrames.MaxBodyBytes + 1), Slice.Length - offset);
            yield return SliceFrames.Make(Version, 1, offset, Slice.AsSpan(offset, length));
            offset += length;
        }
    }

    private static byte[] Frames(Random random, int writers)
    {
        List<Queue<byte[]>> queues = [.. Enumerable.Range(0, writers).Select(_ => new Queue<byte[]>(FramesOf(random)))];
        List<byte> stored = [];
        while (queues.Count > 0)
        {
            Queue<byte[]> writer = queues[random.Next(queues.Count)];
            stored.AddRange(writer.Dequeue());
            queues.RemoveAll(queue => queue.Count == 0);
        }

        return [.. stored];
    }

    private static (byte[] Bytes, SliceFrameReader Reader) ReadAll(byte[] stored, Func<int, int> pieceAt)
    {
        SliceFrameReader reader = new(Version, 1);
        List<byte> read = [];
        for (int position = 0; position < stored.Length && reader.Problem == RecordProblem.None && !reader.IsComplete;)
        {
            int piece = Math.Min(pieceAt(position), stored.Length - position);
            reader.Feed(stored.AsMemory(position, piece));
            position += piece;
            while (reader.TryRead(out ReadOnlyMemory<byte> body))
            {
                read.AddRange(body.Span);
            }
        }

        return ([.. read], reader);
    }
}

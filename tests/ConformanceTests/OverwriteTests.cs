using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using S3Proxy.ConformanceTests.Differential;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests;

/// <summary>Requirements F7, I1 and I2 before a real server: who was told that a write succeeded, and whoever asks after that, never sees what was before.</summary>
[Collection(OneGateway.Name)]
public sealed class OverwriteTests(GatewayFixture fixture, ITestOutputHelper output)
{
    private const int Keys = 10;
    private const int WritesPerKey = 100;
    private const int Readers = 32;
    private const string Bucket = "overwrites";

    /// <summary>Two slices and a bit.</summary>
    private static readonly int BodyBytes = (2 * ProxyVariant.Usual.SliceBytes) + 4096;

    [Fact]
    public async Task After_the_answer_to_a_put_nobody_reads_an_older_body()
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        await using ConformanceProxy proxy = await ConformanceProxy.StartAsync(gateway, ProxyVariant.Usual);
        using S3Side side = new(proxy.Endpoint, ConformanceProxy.ClientKeyId, ConformanceProxy.ClientSecret);
        Assert.Equal(200, (await side.SendAsync(new S3Call { Method = "PUT", Bucket = Bucket }, AddressStyle.Path)).Status);
        Traffic traffic = new(side);
        for (int key = 0; key < Keys; key++)
        {
            await traffic.WriteAsync(key, 0);
        }

        Task[] readers = [.. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => traffic.ReadUntilDoneAsync(reader)))];
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => Task.Run(() => traffic.WriteAllAsync(key))));
        }
        finally
        {
            traffic.End();
            await Task.WhenAll(readers);
        }

        output.WriteLine($"{Keys * WritesPerKey} writes, {traffic.Reads} reads ({traffic.Outcomes}), {traffic.GivenUp} given up because the object changed.");
        Assert.True(traffic.Reads > Keys * WritesPerKey, "Too few reads to tell anything.");
    }

    /// <summary>Writers and readers, and what each key holds at least. Thread-safe.</summary>
    private sealed class Traffic(S3Side side)
    {
        private readonly int[] _told = new int[Keys];
        private readonly int[] _outcomes = new int[4];
        private volatile bool _isOver;
        private int _givenUp;

        public int Reads => _outcomes.Sum();

        /// <summary>Reads that were given up: without versions it cannot end a body that was overwritten.</summary>
        public int GivenUp => _givenUp;

        public string Outcomes => $"{_outcomes[0]} HIT, {_outcomes[1]} COALESCED, {_outcomes[2]} MISS, {_outcomes[3]} else";

        /// <summary>Lets the readers finish.</summary>
        public void End() => _isOver = true;

        public async Task WriteAllAsync(int key)
        {
            for (int version = 1; version <= WritesPerKey; version++)
            {
                await WriteAsync(key, version);
                Assert.Equal(version, await ReadAsync(key) ?? version);
            }
        }

        public async Task WriteAsync(int key, int version)
        {
            byte[] body = new byte[BodyBytes];
            MemoryMarshal.Cast<byte, int>(body.AsSpan()).Fill(BinaryPrimitives.ReverseEndianness(version));
            S3Answer answer = await side.SendAsync(new S3Call { Method = "PUT", Bucket = Bucket, Key = Name(key), Body = body }, AddressStyle.Path);
            Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
            Volatile.Write(ref _told[key], version);
        }

        public async Task ReadUntilDoneAsync(int reader)
        {
            for (int turn = reader; !_isOver; turn++)
            {
                int key = turn % Keys;
                int least = Volatile.Read(ref _told[key]);
                if (await ReadAsync(key) is { } version)
                {
                    Assert.True(version >= least, $"Version {version} of key {key} was read after {least} had been told as written.");
                }
            }
        }

        /// <summary>The version of a body that is whole and of one piece; null when the read was given up.</summary>
        private async Task<int?> ReadAsync(int key)
        {
            S3Answer answer = await side.SendAsync(new S3Call { Method = "GET", Bucket = Bucket, Key = Name(key) }, AddressStyle.Path);
            if (answer.Status is 0 or (int)HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref _givenUp);
                return null;
            }

            Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
            Assert.Equal(BodyBytes, answer.Body.Length);
            int version = MemoryMarshal.Read<int>(answer.Body);
            Assert.False(MemoryMarshal.Cast<byte, int>(answer.Body.AsSpan()).ContainsAnyExcept(version), $"The body of key {key} is of more than one version.");
            int outcome = Array.IndexOf(["HIT", "COALESCED", "MISS"], answer.Outcome);
            Interlocked.Increment(ref _outcomes[outcome < 0 ? 3 : outcome]);
            return BinaryPrimitives.ReverseEndianness(version);
        }

        private static string Name(int key) => string.Create(CultureInfo.InvariantCulture, $"key-{key}");
    }
}

using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Responding;

namespace S3Proxy.Tests.Fetching;

/// <summary>The one request of an object's flight, where what it was given to confirm has been overtaken (requirement I2).</summary>
public sealed class ObjectFetchTests : IDisposable
{
    private static readonly ObjectId Id = new("main", "bucket", "key");

    private readonly FetchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>
    /// An overwrite with equal bytes keeps the ETag: a 304 to what was known before the write would bring the old headers back, under the epoch after it.
    /// </summary>
    [Fact]
    public async Task What_a_write_has_dropped_since_the_look_is_not_confirmed()
    {
        _bench.Origin.Content = FetchBench.Bytes(10);
        ReadContext read = _bench.Read();
        await _bench.ReadAsync(read);
        await _bench.SettleAsync();
        ObjectMetadata known = _bench.Memory.FindMetadata(Id)!;
        _bench.Writes.Begin([Id]).Answered();
        _bench.Origin.MoreHeaders = [new HeaderField("x-amz-meta-a", "new")];

        using CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = _bench.Tables.Objects.Acquire(new ObjectFlightKey(Id, HeadersOnly: true));
        guard.Flight.Start(new ObjectFetch(
            _bench.Services, _bench.Tables, read.Target, new Requester("client", FetchClass.Demand), FetchPlan.Headers, known, endpoint: null).RunAsync);
        await guard.Flight.WhenEndedAsync(CancellationToken.None);

        Assert.Contains(_bench.Memory.FindMetadata(Id)!.Headers, field => field.Name == "x-amz-meta-a");
    }

    /// <summary>A write through this replica that Redis has not heard of, as after a break: others must not be told what this replica itself does not keep.</summary>
    [Fact]
    public async Task What_this_replica_would_not_keep_is_not_told_to_others()
    {
        GrantingFleet fleet = new(_bench.Services.Epochs);
        FetchServices services = _bench.Services with { Fleet = fleet };
        _bench.Origin.Instead = (_, _) =>
        {
            services.Epochs.Raise(Id);
            return ScriptedOrigin.Plain(200, "hello", ("ETag", "\"a\""));
        };
        ReadContext read = _bench.Read();

        using CoalescingGuard<ObjectFlightKey, ObjectAnswer> guard = _bench.Tables.Objects.Acquire(new ObjectFlightKey(Id, HeadersOnly: true));
        guard.Flight.Start(new ObjectFetch(
            services, _bench.Tables, read.Target, new Requester("client", FetchClass.Demand), FetchPlan.Headers, stale: null, endpoint: null).RunAsync);
        await guard.Flight.WhenEndedAsync(CancellationToken.None);

        Assert.Equal(0, fleet.Commits);
    }

    /// <summary>Bytes within the quotes that no entity tag may have (RFC 9110, 8.8.3) make no version, and no failure either.</summary>
    [Theory]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\", \"b\"")]
    public async Task An_entity_tag_that_is_none_is_not_shared(string etag)
    {
        _bench.Origin.Instead = (_, _) => ScriptedOrigin.Plain(200, "hello", ("ETag", etag));

        using ObtainedMetadata obtained = await _bench.Finder.FindAsync(_bench.Read(), CancellationToken.None);

        Assert.Equal(NotShareableReason.NoStrongETag, Assert.IsType<ObjectAnswer.NotShareable>(obtained.Other).Reason);
    }
}

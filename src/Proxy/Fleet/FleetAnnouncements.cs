using S3Proxy.Caching.Redis;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>
/// Tells all replicas of an invalidation until each has acknowledged it or cannot act on what it remembers any more (requirement I1, decision 0015).
/// </summary>
/// <remarks>
/// Thread-safe. Messages may be lost, so it is repeated. Who stays silent for a while is put out: then its lease cannot grow, and the wait has an end. Waits hold nothing.
/// </remarks>
internal sealed class FleetAnnouncements
{
    private readonly FleetChannel _channel;
    private readonly MemberRecords _records;
    private readonly FleetMembership _membership;
    private readonly FleetOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly FleetMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Acknowledgements _acknowledgements = new();

    public FleetAnnouncements(
        FleetChannel channel,
        MemberRecords records,
        FleetMembership membership,
        FleetOptions options,
        TimeProvider timeProvider,
        FleetMetrics metrics,
        ILogger<FleetAnnouncements> logger)
    {
        _channel = channel;
        _records = records;
        _membership = membership;
        _options = options;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _logger = logger;
        _channel.On(FleetMessageKind.Acknowledge, message =>
        {
            if (_acknowledgements.Receive(message.From, InvalidationReceipt.Decode(message.Payload.Span)))
            {
                _metrics.Acknowledged();
            }
        });
    }

    /// <summary>Tells all, and expects nothing.</summary>
    /// <exception cref="RedisUnavailableException">It may not have been sent.</exception>
    public ValueTask TellAsync(InvalidationNotice notice, CancellationToken cancellationToken) =>
        _channel.SendToAllAsync(FleetMessageKind.Invalidate, notice.Encode(), cancellationToken);

    /// <summary>
    /// Tells all of <paramref name="notices"/>, one after the other on the wire and waited for together, until none of the members remembers otherwise. Ends within a lease and its margins,
    /// and what Redis takes to answer.
    /// </summary>
    /// <exception cref="RedisUnavailableException">Redis cannot tell when the leases of those who are silent are over.</exception>
    public async ValueTask<AnnouncementResult> AnnounceAsync(IReadOnlyList<InvalidationNotice> notices, MemberRecords.Listing listing, CancellationToken cancellationToken)
    {
        FleetMember[] others = [.. listing.Members.Where(member => !string.Equals(member.Replica, _channel.Replica, StringComparison.Ordinal))];
        if (others.Length == 0)
        {
            return AnnouncementResult.Nobody;
        }

        long began = _timeProvider.GetTimestamp();
        AnnouncementResult[] results = await Task.WhenAll(notices.Select(notice => AnnounceAsync(notice, listing.Incarnation, others, began, cancellationToken)));
        _metrics.AcknowledgeTime(_timeProvider.GetElapsedTime(began));
        return results.Aggregate((left, right) => left.And(right));
    }

    private async Task<AnnouncementResult> AnnounceAsync(InvalidationNotice notice, string incarnation, FleetMember[] others, long began, CancellationToken cancellationToken)
    {
        string id = FleetTokens.New();
        byte[] payload = (notice with { Id = id }).Encode();
        using Acknowledgements.Pending pending = _acknowledgements.Expect(id, others.Select(member => member.Replica));

        // Who was put out by somebody else cannot renew: what was left of its lease is all there is.
        Dictionary<string, TimeSpan> ends = others.Where(member => member.IsPutOut).ToDictionary(member => member.Replica, member => member.Left + _options.Margin, StringComparer.Ordinal);
        List<string> silent = [];
        while (true)
        {
            await SendAsync(payload, cancellationToken);
            if (await IsDoneAsync(pending, cancellationToken))
            {
                break;
            }

            TimeSpan elapsed = _timeProvider.GetElapsedTime(began);
            if (elapsed >= _options.PutOutAfter)
            {
                await PutOutAsync(incarnation, pending.Missing, ends, began, cancellationToken);
            }

            foreach (string replica in pending.Missing)
            {
                if (ends.TryGetValue(replica, out TimeSpan end) && _timeProvider.GetElapsedTime(began) >= end)
                {
                    silent.Add(replica);
                    _metrics.TimedOut();
                    pending.GiveUp(replica);
                }
            }

            if (pending.Done.IsCompleted)
            {
                break;
            }
        }

        (string Replica, InvalidationReceipt Receipt)[] received = pending.Received;
        return new AnnouncementResult([.. received.Select(one => one.Replica)], silent, received.Sum(one => one.Receipt.Objects), received.Sum(one => one.Receipt.Slices));
    }

    /// <summary>A message that could not be sent is one that was lost: it is repeated.</summary>
    private async ValueTask SendAsync(byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            await _channel.SendToAllAsync(FleetMessageKind.Invalidate, payload, cancellationToken);
            _metrics.InvalidationSent();
        }
        catch (RedisUnavailableException)
        {
            // Those who did not get it do not acknowledge it.
        }
    }

    private async ValueTask<bool> IsDoneAsync(Acknowledgements.Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            await pending.Done.WaitAsync(_options.ResendInterval, _timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return pending.Done.IsCompleted;
        }
    }

    /// <summary>Puts out those whose lease has no end yet; tells the ends, counted from <paramref name="began"/>.</summary>
    private async ValueTask PutOutAsync(string incarnation, string[] missing, Dictionary<string, TimeSpan> ends, long began, CancellationToken cancellationToken)
    {
        string[] renewing = [.. missing.Where(replica => !ends.ContainsKey(replica))];
        if (renewing.Length == 0)
        {
            return;
        }

        TimeSpan[] left = await _records.PutOutAsync(incarnation, renewing, cancellationToken);
        _membership.Reached(true);
        TimeSpan elapsed = _timeProvider.GetElapsedTime(began);
        for (int i = 0; i < renewing.Length; i++)
        {
            ends[renewing[i]] = left[i] == TimeSpan.Zero ? elapsed : elapsed + left[i] + _options.Margin;
            if (left[i] > TimeSpan.Zero)
            {
                Log.PutOut(_logger, renewing[i]);
            }
        }
    }
}

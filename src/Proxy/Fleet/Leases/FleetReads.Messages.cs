using System.Text;
using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing.Waking;

namespace S3Proxy.Fleet.Leases;

/// <content>What replicas tell each other about leases, runs and wrong bytes.</content>
internal sealed partial class FleetReads
{
    /// <inheritdoc/>
    public async ValueTask ForgetAsync(ObjectId id, ObjectVersion? version)
    {
        try
        {
            await Store.ForgetAsync(id, version is null ? "" : RedisKeys.TagOf(version, Geometry.SliceBytes), CancellationToken.None);
        }
        catch (RedisUnavailableException error)
        {
            Log.NotShared(Logger, id, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DropAsync(ObjectVersion version)
    {
        Spoil(version);
        try
        {
            await Slices.DropAsync(new RedisVersion(version, Geometry.SliceBytes), CancellationToken.None);
            await Channel.SendToAllAsync(FleetMessageKind.Corrupt, JsonSerializer.SerializeToUtf8Bytes(VersionNotice.Of(version)), CancellationToken.None);
        }
        catch (RedisUnavailableException error)
        {
            Log.NotShared(Logger, version.Id, error);
        }
    }

    private void Listen()
    {
        Channel.On(FleetMessageKind.Corrupt, OnCorrupt);
        Hearing.OnMemberLost(_ => HaveAllLook());
        if (!IsPushing)
        {
            return;
        }

        Channel.On(FleetMessageKind.Wake, OnWake);
        Channel.On(FleetMessageKind.Progress, message => Progress.Wake(message.Text, WakeReason.Completed));
        Channel.On(FleetMessageKind.RunEnded, message => Progress.Wake(message.Text, WakeReason.Invalidated));
        Redis.OnLinkChanged(isUp =>
        {
            if (isUp)
            {
                _objects.ReportLinkRestored();
                Progress.ReportLinkRestored();
            }
            else
            {
                _objects.ReportLinkLost();
                Progress.ReportLinkLost();
            }
        });
        Hearing.OnHeardAgain(HaveAllLook);
    }

    /// <summary>Everybody who waits looks whether it was for a replica that is gone, or whether a wake was missed: either happens seldom.</summary>
    private void HaveAllLook()
    {
        _objects.WakeAll(WakeReason.HeardAgain);
        Progress.WakeAll(WakeReason.HeardAgain);
    }

    /// <summary>The payload is <c>TAG|REASON|FENCE|HEIR</c>; reasons are C, I, F and E. Without an heir it is for everybody.</summary>
    private void OnWake(FleetMessage message)
    {
        string[] parts = message.Text.Split('|');
        if (parts.Length < 2)
        {
            return;
        }

        string heir = parts.Length > 3 ? parts[3] : "";
        if (heir.Length > 0 && heir != Channel.Replica)
        {
            return;
        }

        WakeReason reason = parts[1] switch
        {
            "C" => WakeReason.Completed,
            "I" => WakeReason.Invalidated,
            "E" => WakeReason.LeaseExpired,
            _ => WakeReason.LeaderFailed,
        };
        if (_objects.Wake(parts[0], reason) == 0 && heir.Length > 0)
        {
            // Nobody waits here any more. The others must not wait for us.
            _ = PassOnAsync(string.Join('|', parts[0], parts[1], parts.Length > 2 ? parts[2] : "0", ""));
        }
    }

    private async Task PassOnAsync(string payload)
    {
        try
        {
            await Channel.SendToAllAsync(FleetMessageKind.Wake, Encoding.ASCII.GetBytes(payload), CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // They look for themselves after a while.
        }
    }

    /// <summary>Whatever this replica gives or takes of a version is in doubt: nothing more is written of it, and who has read any of it from Redis does not end cleanly.</summary>
    private void Spoil(ObjectVersion version)
    {
        _watches.Tell(version);
        _runs.Revoke(version);
        Slices.Forget(version);
    }

    /// <summary>Slices of this version may have been copied from Redis, also by runs that are under way; those cannot all find out by a checksum.</summary>
    private void OnCorrupt(FleetMessage message)
    {
        if (message.From == Channel.Replica)
        {
            return;
        }

        try
        {
            if (JsonSerializer.Deserialize<VersionNotice>(message.Payload.Span)?.ToVersion() is not { SizeBytes: > 0 } version)
            {
                return;
            }

            Spoil(version);
            _epochs.Forget(version);
            for (int index = 0; index <= Geometry.LastOf(version.SizeBytes); index++)
            {
                _memory.RemoveSlice(new SliceKey(version, index));
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            Log.BadNotice(Logger, message.From, error);
        }
    }
}

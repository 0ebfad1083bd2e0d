using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Telemetry;

namespace S3Proxy.Admin;

/// <summary>What this replica knows of an object, and what it would do for a GET of it. Thread-safe; changes nothing.</summary>
/// <param name="services">The caching core.</param>
/// <param name="tables">The shared flights.</param>
/// <param name="redis">What replicas share; null where there is no Redis.</param>
/// <param name="keys">Names of keys in Redis; null where there is none.</param>
internal sealed class ObjectExplanation(FetchServices services, FlightTables tables, IRedis? redis, RedisKeys? keys)
{
    /// <summary>Slices that are looked for; of larger objects the first.</summary>
    private const int MaxSlices = 4096;

    private const int MaxRanges = 64;

    /// <summary>What Redis holds; null where there is no Redis.</summary>
    public async ValueTask<RedisLook?> LookInRedisAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (redis is null || keys is null)
        {
            return null;
        }

        try
        {
            RedisReply record = await redis.EvaluateAsync(FleetScripts.ObjectRead, [keys.Object(RedisKeys.TagOf(id))], [], cancellationToken);
            ObjectMetadata? metadata = record.IsNull ? null : MetadataRecord.Read(record.Bytes, id, askedAt: 0, out _);
            bool hasSlice = metadata is not null && metadata.SizeBytes > 0
                && (await redis.GetRangeAsync(keys.Slice(RedisKeys.TagOf(metadata.Version, services.Geometry.SliceBytes), 0), 0, 1, cancellationToken)).Length > 0;
            return new RedisLook(IsAvailable: true, metadata, hasSlice);
        }
        catch (RedisUnavailableException)
        {
            return new RedisLook(IsAvailable: false, null, false);
        }
    }

    /// <summary>Writes what is known, and what a GET now would do.</summary>
    public void Write(Utf8JsonWriter json, ObjectId id, BucketConfiguration bucket, RedisLook? redisLook, bool isJudgedByOrigin)
    {
        ObjectMetadata? known = services.Memory.PeekMetadata(id);
        Freshness freshness = known is null ? Freshness.Never : services.FreshnessOf(known, bucket.Cache);
        WriteMemory(json, known, freshness);
        WriteRedis(json, redisLook);
        WriteFlights(json, id, known);
        bool isUncacheable = tables.Uncacheable.TryGet(id, out NotShareableReason uncacheable);
        json.WriteStartObject("marks");
        json.WriteString("uncacheable", isUncacheable ? RequestReasons.Of(uncacheable).ToWire() : null);
        json.WriteBoolean("suspect", known?.IsSuspect ?? false);
        json.WriteBoolean("writeUnderWayOrUnknown", services.Epochs.IsUncertain(id));
        json.WriteNumber("epoch", services.Epochs.Current(id));
        json.WriteEndObject();
        (string action, RequestReason reason) = Judge(id, bucket, known, freshness, isUncacheable ? uncacheable : null, isJudgedByOrigin);
        json.WriteStartObject("get");
        json.WriteString("action", action);
        json.WriteString("reason", reason.ToWire());
        json.WriteEndObject();
    }

    /// <summary>The decisions of <see cref="Responding.MetadataFinder"/> in their order, without carrying any out.</summary>
    private (string Action, RequestReason Reason) Judge(ObjectId id, BucketConfiguration bucket, ObjectMetadata? known, Freshness freshness, NotShareableReason? uncacheable, bool isJudgedByOrigin)
    {
        if (bucket.Cache.Mode == CacheMode.Bypass)
        {
            return ("forward", RequestReason.BypassRule);
        }

        if (isJudgedByOrigin)
        {
            return ("ask", RequestReason.NotJudged);
        }

        bool hasFirst = known is not null && (known.SizeBytes == 0 || services.Memory.ContainsSlice(new SliceKey(known.Version, 0)));
        if (known is not null && (freshness.IsFresh || (freshness.State == FreshnessState.StaleWhileRevalidate && hasFirst)))
        {
            bool renews = freshness.State != FreshnessState.Fresh;
            return hasFirst ? (renews ? "serve-and-refresh" : "serve", RequestReason.None)
                : tables.Slices.IsInFlight(new SliceKey(known.Version, 0)) ? ("join", RequestReason.NoSlice) : ("fetch", RequestReason.NoSlice);
        }

        if (uncacheable is { } reason && (bucket.Cache.HonourOrigin || !reason.IsTheOriginsWish()))
        {
            return ("forward", RequestReasons.Of(reason));
        }

        RequestReason cause = known is null ? RequestReason.NotInMemory : RequestReason.NotFresh;
        return tables.Objects.IsInFlight(new ObjectFlightKey(id, HeadersOnly: false)) && bucket.Coalescing != CoalescingMode.Off ? ("join", cause)
            : known is not null && hasFirst ? ("revalidate", cause)
            : ("fetch", cause);
    }

    private void WriteMemory(Utf8JsonWriter json, ObjectMetadata? known, Freshness freshness)
    {
        if (known is null)
        {
            json.WriteNull("memory");
            return;
        }

        json.WriteStartObject("memory");
        WriteVersion(json, known);
        json.WriteNumber("askedSecondsAgo", Math.Round(services.TimeProvider.GetElapsedTime(known.AskedAt).TotalSeconds, 3));
        json.WriteString("freshness", freshness.State switch
        {
            FreshnessState.Fresh => "fresh",
            FreshnessState.FreshAndDue => "fresh-and-due",
            FreshnessState.StaleWhileRevalidate => "stale-while-revalidate",
            _ => "stale",
        });
        if (freshness.TimeToLive is { } left)
        {
            json.WriteNumber("ttlSeconds", Math.Round(left.TotalSeconds, 3));
        }

        WriteSlices(json, known);
        json.WriteEndObject();
    }

    private void WriteSlices(Utf8JsonWriter json, ObjectMetadata known)
    {
        int count = known.SizeBytes == 0 ? 0 : services.Geometry.LastOf(known.SizeBytes) + 1;
        int looked = Math.Min(count, MaxSlices);
        json.WriteNumber("sliceBytes", services.Geometry.SliceBytes);
        json.WriteNumber("slices", count);
        json.WriteStartArray("present");
        int ranges = 0;
        int index = 0;
        while (index < looked && ranges < MaxRanges)
        {
            int first = index;
            while (index < looked && services.Memory.ContainsSlice(new SliceKey(known.Version, index)))
            {
                index++;
            }

            if (index > first)
            {
                json.WriteStringValue($"{first}-{index - 1}");
                ranges++;
            }

            index++;
        }

        json.WriteEndArray();
        json.WriteBoolean("presentIsComplete", index >= count);
    }

    private static void WriteRedis(Utf8JsonWriter json, RedisLook? look)
    {
        if (look is null)
        {
            json.WriteNull("redis");
            return;
        }

        json.WriteStartObject("redis");
        json.WriteBoolean("available", look.IsAvailable);
        json.WriteBoolean("metadata", look.Metadata is not null);
        if (look.Metadata is { } metadata)
        {
            WriteVersion(json, metadata);
            json.WriteBoolean("firstSlice", look.HasFirstSlice);
        }

        json.WriteEndObject();
    }

    private void WriteFlights(Utf8JsonWriter json, ObjectId id, ObjectMetadata? known)
    {
        json.WriteStartObject("flights");
        json.WriteBoolean("object", tables.Objects.IsInFlight(new ObjectFlightKey(id, HeadersOnly: false)));
        json.WriteBoolean("headers", tables.Objects.IsInFlight(new ObjectFlightKey(id, HeadersOnly: true)));
        int slices = 0;
        if (known is { SizeBytes: > 0 })
        {
            int last = Math.Min(services.Geometry.LastOf(known.SizeBytes), MaxSlices - 1);
            for (int index = 0; index <= last; index++)
            {
                slices += tables.Slices.IsInFlight(new SliceKey(known.Version, index)) ? 1 : 0;
            }
        }

        json.WriteNumber("slices", slices);
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, ObjectMetadata metadata)
    {
        json.WriteString("etag", metadata.Version.ETag);
        json.WriteString("versionId", metadata.Version.VersionId);
        json.WriteNumber("sizeBytes", metadata.SizeBytes);
    }
}

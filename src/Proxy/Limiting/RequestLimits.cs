using System.Globalization;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;

namespace S3Proxy.Limiting;

/// <summary>Holds requests to what one key and one address may have (requirement A6). What was had outlives a reload; the bounds are those of the request's configuration.</summary>
/// <remarks>Thread-safe; one for the whole process. A limit that is off costs a null check, one that is on a look into a table.</remarks>
internal sealed class RequestLimits
{
    private readonly LimitTable<UInt128> _addresses;
    private readonly LimitTable<string> _keys;
    private readonly LimitMetrics _metrics;

    public RequestLimits(TimeProvider timeProvider, LimitMetrics metrics)
    {
        _addresses = new LimitTable<UInt128>(timeProvider);
        _keys = new LimitTable<string>(timeProvider);
        _metrics = metrics;
        metrics.Watch(LimitScope.Address, () => _addresses.Count, () => _addresses.Forgotten);
        metrics.Watch(LimitScope.Key, () => _keys.Count, () => _keys.Forgotten);
    }

    /// <summary>Takes a place of the client's address. False with an error, and Retry-After on the response, when there is none.</summary>
    public bool TryEnterByAddress(HttpContext http, LimitsConfiguration limits, ref RequestPlaces places, out S3Error? error)
    {
        error = null;
        if (limits.PerAddress is not { } limit || http.Connection.RemoteIpAddress is not { } address)
        {
            return true;
        }

        LimitVerdict verdict = _addresses.TryEnter(ClientAddress.KeyOf(address), limit, limits.MaxTracked);
        places.Address = verdict.Entry;
        return verdict.IsAllowed || Refuse(http, LimitScope.Address, verdict, ref places, out error);
    }

    /// <summary>Takes a place of the client's key, which has been checked. False as for the address.</summary>
    public bool TryEnterByKey(HttpContext http, LimitsConfiguration limits, Identity identity, ref RequestPlaces places, out S3Error? error)
    {
        error = null;
        if (limits.PerKey is not { } limit || identity.IsAnonymous)
        {
            return true;
        }

        LimitVerdict verdict = _keys.TryEnter(identity.AccessKeyId, limit, limits.MaxTracked);
        places.Key = verdict.Entry;
        return verdict.IsAllowed || Refuse(http, LimitScope.Key, verdict, ref places, out error);
    }

    private bool Refuse(HttpContext http, LimitScope scope, LimitVerdict verdict, ref RequestPlaces places, out S3Error? error)
    {
        _metrics.Limited(scope, verdict.Kind);
        places.Refusal = verdict.Kind == LimitKind.Rate ? RequestReason.RateLimit : RequestReason.ConcurrencyLimit;
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(verdict.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        error = new S3Error(S3ErrorCode.SlowDown, verdict.Kind == LimitKind.Rate ? "Please reduce your request rate." : "Too many of your requests run at the same time. Please reduce their number.");
        return false;
    }
}

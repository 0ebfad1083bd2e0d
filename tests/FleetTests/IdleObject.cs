using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FleetTests;

/// <summary>A small object that the origin keeps back until its gate is opened.</summary>
internal sealed record IdleObject(string Key, SyntheticContent Content, OriginGate Gate)
{
    private const int Bytes = 1000;

    public static IdleObject Prepare(EmbeddedOrigin origin, FleetKind kind, int number)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"idle-{kind}-{number}");
        IdleObject target = new(key, origin.PutSynthetic(ReplicaFleet.Bucket, key, Bytes, (ulong)number + 1), new OriginGate());
        origin.Faults.Add(RequestMatch.Get(key), new FaultEffects { HoldBeforeHeaders = target.Gate });
        return target;
    }
}

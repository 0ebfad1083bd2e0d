using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet;

/// <summary>The scripts of membership and invalidation; each file tells its keys, arguments and answer.</summary>
internal static class FleetScripts
{
    public static readonly RedisScript MemberRenew = RedisScript.Load("member-renew");
    public static readonly RedisScript MemberList = RedisScript.Load("member-list");
    public static readonly RedisScript MemberPutOut = RedisScript.Load("member-put-out");
    public static readonly RedisScript MemberLeave = RedisScript.Load("member-leave");
    public static readonly RedisScript ScopePurge = RedisScript.Load("scope-purge");
    public static readonly RedisScript ObjectInvalidate = RedisScript.Load("object-invalidate");
}

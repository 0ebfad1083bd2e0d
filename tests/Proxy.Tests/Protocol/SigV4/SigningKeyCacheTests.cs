using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Tests.Protocol.SigV4;

public class SigningKeyCacheTests
{
    private const string Credential = "AK/20130524/us-east-1/s3/aws4_request";

    [Fact]
    public void Stored_keys_are_found_again()
    {
        var cache = new SigningKeyCache();
        byte[] derived = cache.GetOrDerive(Credential, "secret", "20130524", "us-east-1", out bool first);
        cache.Store(Credential, "secret", derived);

        Assert.Same(derived, cache.GetOrDerive(Credential, "secret", "20130524", "us-east-1", out bool second));
        Assert.Equal((false, true), (first, second));
    }

    [Fact]
    public void A_rotated_secret_is_never_answered_from_the_old_entry()
    {
        var cache = new SigningKeyCache();
        byte[] old = cache.GetOrDerive(Credential, "old", "20130524", "us-east-1", out _);
        cache.Store(Credential, "old", old);

        byte[] rotated = cache.GetOrDerive(Credential, "new", "20130524", "us-east-1", out bool isCached);

        Assert.False(isCached);
        Assert.NotEqual(old, rotated);
        Assert.Equal(SigV4Signature.DeriveKey("new", "20130524", "us-east-1"), rotated);
    }

    [Fact]
    public void The_cache_is_bounded_and_goes_on_working()
    {
        var cache = new SigningKeyCache(capacity: 4);
        for (int i = 0; i < 20; i++)
        {
            cache.Store($"AK{i}/20130524/us-east-1/s3/aws4_request", "secret", new byte[32]);
        }

        int kept = Enumerable.Range(0, 20).Count(i =>
        {
            cache.GetOrDerive($"AK{i}/20130524/us-east-1/s3/aws4_request", "secret", "20130524", "us-east-1", out bool isCached);
            return isCached;
        });
        Assert.InRange(kept, 1, 4);
    }
}

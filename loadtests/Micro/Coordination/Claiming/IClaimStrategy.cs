namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>A way to agree who leads: of all who claim a key between a leader's claim and its release, that leader alone leads.</summary>
internal interface IClaimStrategy : IDisposable
{
    /// <summary>Joins the generation of the key or makes one and leads it.</summary>
    Claim Acquire(int thread, string key);

    /// <summary>The thread is through. The leader's release ends the generation.</summary>
    void Release(int thread, string key, in Claim claim);
}

namespace S3Proxy.ModelTests.Clients;

/// <summary>What a client asks for.</summary>
/// <param name="Object">Number of the object.</param>
/// <param name="Range">Its Range header, or null.</param>
/// <param name="IsHead">Asks with HEAD.</param>
/// <param name="WantsChecksums">Asks for checksums too.</param>
/// <param name="Permits">Writes it takes in before it stops reading; -1 for a client that never stops.</param>
internal sealed record ReadSpec(int Object, string? Range = null, bool IsHead = false, bool WantsChecksums = false, int Permits = -1)
{
    public override string ToString() =>
        $"{(IsHead ? "HEAD" : "GET")} object {Object}{(Range is null ? "" : " " + Range)}{(WantsChecksums ? " with checksums" : "")}{(Permits < 0 ? "" : $", taking {Permits} writes")}";
}

namespace S3Proxy.Fleet;

/// <summary>What became of an invalidation that all replicas were to acknowledge. Immutable.</summary>
/// <param name="Acknowledged">Replicas that did, this one not among them.</param>
/// <param name="Silent">Replicas whose lease was waited for instead.</param>
/// <param name="Objects">Objects of which those who did dropped metadata.</param>
/// <param name="Slices">Slices that they dropped.</param>
internal sealed record AnnouncementResult(IReadOnlyList<string> Acknowledged, IReadOnlyList<string> Silent, int Objects, int Slices)
{
    public static readonly AnnouncementResult Nobody = new([], [], 0, 0);

    /// <summary>Both together: a replica is silent when it was so once.</summary>
    public AnnouncementResult And(AnnouncementResult other)
    {
        string[] silent = [.. Silent.Union(other.Silent, StringComparer.Ordinal)];
        return new AnnouncementResult([.. Acknowledged.Union(other.Acknowledged, StringComparer.Ordinal).Except(silent, StringComparer.Ordinal)], silent, Objects + other.Objects, Slices + other.Slices);
    }
}

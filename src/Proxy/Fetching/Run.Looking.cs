namespace S3Proxy.Fetching;

/// <summary>What those who watch the proxy see of a run.</summary>
internal sealed partial class Run
{
    private readonly long _startedAt;

    /// <summary>What the run is doing now. Waits for nothing.</summary>
    public RunStatus Look()
    {
        lock (_lock)
        {
            (long first, long end) = Extent();
            long remaining = Math.Min(_source.Remaining, end - first);
            int readers = Math.Max(_readers.Count, _sponsor?.Participants ?? 0);
            SliceOrigin? source = FirstOrigin.IsCompletedSuccessfully ? FirstOrigin.Result : null;
            return new RunStatus(_version, first, end - first - remaining, end - first, readers, _isReadAhead, source, _startedAt);
        }
    }
}

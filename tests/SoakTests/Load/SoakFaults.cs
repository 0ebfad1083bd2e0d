using System.Globalization;
using S3Proxy.Testing.Origin;

namespace S3Proxy.SoakTests.Load;

/// <summary>
/// What goes wrong at the origin: each request draws from the seed and its own number, and meets at most one fault. Thread-safe.
/// </summary>
internal sealed class SoakFaults
{
    private const int DrawsOf = 1000;
    private const int KiB = 1024;

    private readonly ulong _seed;
    private readonly EmbeddedOrigin _origin;
    private readonly OriginGate _stall = new();
    private readonly List<(string Name, FaultRule Rule)> _rules = [];

    public SoakFaults(int seed, EmbeddedOrigin origin)
    {
        _seed = (ulong)(uint)seed;
        _origin = origin;
        AddFaultsOfReads();
        AddFaultsOfFetches();
        AddFaultsOfWrites();
    }

    /// <summary>How often each fault has happened.</summary>
    public IEnumerable<(string Name, int Count)> Counts => _rules.Select(rule => (rule.Name, rule.Rule.Applied));

    /// <summary>The origin behaves from now on, and what stood still goes on.</summary>
    public void End()
    {
        _origin.Faults.Clear();
        _stall.Release();
    }

    /// <summary>Faults that whoever reads must bear, the client of a forwarded read included.</summary>
    private void AddFaultsOfReads()
    {
        int draw = 0;
        AddRead("cut, reset after 3 KiB", ref draw, 8, new FaultEffects { CutAfterBodyBytes = 3 * KiB });
        AddRead("cut, reset after 150 KiB", ref draw, 8, new FaultEffects { CutAfterBodyBytes = 150 * KiB });
        AddRead("cut, closed after 700 KiB", ref draw, 8, new FaultEffects { CutAfterBodyBytes = 700 * KiB, CutKind = CutKind.Close });
        AddRead("cut before headers", ref draw, 5, new FaultEffects { CutBeforeHeaders = true });
        AddRead("cut on arrival", ref draw, 5, new FaultEffects { CutOnArrival = true });
        // Its version is chosen before the wait: what a write overtakes meanwhile must not be kept.
        AddRead("slow headers", ref draw, 60, new FaultEffects { FirstByteDelay = TimeSpan.FromMilliseconds(200) });
        AddRead("slow body", ref draw, 5, new FaultEffects { BytesPerSecond = 2000 * KiB });
        AddRead("500", ref draw, 5, new FaultEffects { Status = 500 });
        AddRead("503 SlowDown", ref draw, 8, new FaultEffects { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } });
    }

    /// <summary>Faults that the proxy must not pass on. They befall its fetches, which are known by their Accept-Encoding, not what it only forwards.</summary>
    private void AddFaultsOfFetches()
    {
        int draw = 500;
        AddFetch("stall in the body", ref draw, 4, new FaultEffects { HoldInBody = new BodyHold(_stall, 100 * KiB) });
        AddFetch("stall before headers", ref draw, 2, new FaultEffects { HoldBeforeHeaders = _stall });
        AddFetch("wrong Content-Range", ref draw, 6, new FaultEffects { ContentRange = "bytes 7-1000/999999999" });
        AddFetch("no Content-Range", ref draw, 4, new FaultEffects { ContentRange = "" });
        AddFetch("Range ignored", ref draw, 8, new FaultEffects { IgnoreRange = true });
        AddFetch("weak ETag", ref draw, 4, new FaultEffects { WeakETag = true });
        AddFetch("no Content-Length", ref draw, 4, new FaultEffects { OmitContentLength = true });
    }

    private void AddFaultsOfWrites()
    {
        int draw = 0;
        AddWrite("write: 503 SlowDown", ref draw, 15, new FaultEffects { Status = 503 });
        AddWrite("write: cut on arrival", ref draw, 10, new FaultEffects { CutOnArrival = true });
        AddWrite("write: done, then cut", ref draw, 15, new FaultEffects { CutBeforeHeaders = true });
        AddWrite("write: slow answer", ref draw, 40, new FaultEffects { FirstByteDelay = TimeSpan.FromMilliseconds(50) });
    }

    private void AddRead(string name, ref int draw, int share, FaultEffects effects) =>
        Add(name, ref draw, share, effects, request => request.Operation is OriginOperation.GetObject or OriginOperation.HeadObject);

    private void AddFetch(string name, ref int draw, int share, FaultEffects effects) =>
        Add(name, ref draw, share, effects, request =>
            request.Operation == OriginOperation.GetObject && request.Headers.GetValueOrDefault("Accept-Encoding") == "identity");

    private void AddWrite(string name, ref int draw, int share, FaultEffects effects) =>
        Add(name, ref draw, share, effects, request => request.Operation is OriginOperation.PutObject or OriginOperation.DeleteObject);

    /// <param name="name">For the report.</param>
    /// <param name="draw">First of the draws that mean this fault; moved behind the last.</param>
    /// <param name="share">How many of a thousand requests.</param>
    /// <param name="effects">What happens.</param>
    /// <param name="concerns">Which requests draw.</param>
    private void Add(string name, ref int draw, int share, FaultEffects effects, Func<OriginRequest, bool> concerns)
    {
        int first = draw;
        int end = draw += share;
        RequestMatch match = new() { Where = request => concerns(request) && DrawOf(request) is var drawn && drawn >= first && drawn < end };
        _rules.Add((name, _origin.Faults.Add(match, effects)));
    }

    private int DrawOf(OriginRequest request) =>
        (int)(SoakObjects.Mix(_seed, request.Sequence.ToString(CultureInfo.InvariantCulture)) % DrawsOf);
}

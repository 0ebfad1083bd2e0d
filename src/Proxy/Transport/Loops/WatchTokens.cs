namespace S3Proxy.Transport.Loops;

/// <summary>
/// Who hears of which socket, by a token that is never given twice: a place in an array, and how often it was given away. Two dense arrays, as the loop looks here for each event of hundreds of sockets.
/// </summary>
/// <remarks>Thread-safe; <see cref="Find"/> takes no lock. Bounded by the sockets that there are at one time.</remarks>
internal sealed class WatchTokens
{
    private const int FirstPlaces = 64;
    private const int PlaceBits = 32;

    private readonly Lock _lock = new();
    private readonly Stack<uint> _free = new();
    private volatile Places _places = new(new IEventTarget?[FirstPlaces], new uint[FirstPlaces]);

    /// <summary>The first place is nobody's, so that 0 is no token.</summary>
    private uint _used = 1;

    /// <summary>A token for <paramref name="target"/>.</summary>
    public ulong Add(IEventTarget target)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out uint place))
            {
                place = _used++;
                Grow();
            }

            Volatile.Write(ref _places.Targets[place], target);
            return ((ulong)_places.Uses[place] << PlaceBits) | place;
        }
    }

    /// <summary>Forgets whose token it is; one that was removed, or never given, changes nothing.</summary>
    public void Remove(ulong token)
    {
        lock (_lock)
        {
            if (Find(token) is null)
            {
                return;
            }

            // In this order: who finds the place's next target finds the next count too.
            uint place = (uint)token;
            Volatile.Write(ref _places.Targets[place], null);
            Volatile.Write(ref _places.Uses[place], _places.Uses[place] + 1);
            _free.Push(place);
        }
    }

    /// <summary>Whose token it is; null when it was removed, or never given.</summary>
    public IEventTarget? Find(ulong token)
    {
        Places places = _places;
        uint place = (uint)token;
        if (place >= (uint)places.Targets.Length)
        {
            return null;
        }

        IEventTarget? target = Volatile.Read(ref places.Targets[place]);
        return Volatile.Read(ref places.Uses[place]) == (uint)(token >> PlaceBits) ? target : null;
    }

    private void Grow()
    {
        Places places = _places;
        if (_used > places.Targets.Length)
        {
            IEventTarget?[] targets = places.Targets;
            uint[] uses = places.Uses;
            Array.Resize(ref targets, 2 * targets.Length);
            Array.Resize(ref uses, targets.Length);
            _places = new Places(targets, uses);
        }
    }

    private sealed record Places(IEventTarget?[] Targets, uint[] Uses);
}

using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>
/// Notices clients that read an object in order by closed ranges, and says how far to read ahead of them: nothing at first, then twice as far each time they
/// come near the edge, up to a bound (requirement C4).
/// </summary>
/// <remarks>
/// Thread-safe. A fixed table without chains: two readers on one place forget each other, which costs them read-ahead and nothing else. A client that has several ranges
/// open at once reads in parallel already and gets none.
/// </remarks>
internal sealed class SequentialReads
{
    private readonly Place[] _places;
    private readonly SliceGeometry _geometry;
    private readonly int _maxSlices;

    /// <param name="geometry">Where slices begin and end.</param>
    /// <param name="maxBytes">Bound on what is read ahead of one reader; less than a slice turns it off.</param>
    /// <param name="placeCount">Readers that are remembered at most.</param>
    public SequentialReads(SliceGeometry geometry, long maxBytes, int placeCount = 2048)
    {
        _places = new Place[placeCount];
        _geometry = geometry;
        _maxSlices = (int)Math.Min(int.MaxValue / 2, maxBytes / geometry.SliceBytes);
        for (int i = 0; i < placeCount; i++)
        {
            _places[i] = new Place();
        }
    }

    /// <summary>A client begins to read the bytes from <paramref name="first"/> to <paramref name="last"/> of a version. Dispose when the response has ended.</summary>
    public SequentialRead Begin(string client, ObjectVersion version, long first, long last)
    {
        if (_maxSlices == 0)
        {
            return default;
        }

        int hash = HashCode.Combine(client, version);
        Place place = _places[(uint)hash % _places.Length];
        lock (place.Lock)
        {
            if (place.Hash != hash || place.NextByte == 0)
            {
                place.Reset(hash);
            }

            bool inOrder = place.Active == 0 && place.NextByte > 0 && last >= place.NextByte && Math.Abs(first - place.NextByte) <= _geometry.SliceBytes;
            int lastSlice = _geometry.IndexOf(last);
            place.Active++;
            place.NextByte = last + 1;
            (int Last, int From) ahead = (lastSlice, lastSlice + 1);
            if (!inOrder)
            {
                (place.Window, place.Edge) = (0, lastSlice);
            }
            else
            {
                ahead = Extend(place, lastSlice, lastSlice - _geometry.IndexOf(first) + 1, _geometry.LastOf(version.SizeBytes));
            }

            return new SequentialRead(place, hash, ahead.From, ahead.Last);
        }
    }

    /// <summary>Moves the edge on when the reader has come to within half a window of it.</summary>
    private (int Last, int From) Extend(Place place, int lastSlice, int slices, int lastOfObject)
    {
        place.Edge = Math.Max(place.Edge, lastSlice);
        if (place.Edge - lastSlice > place.Window / 2)
        {
            return (lastSlice, lastSlice + 1);
        }

        place.Window = Math.Min(_maxSlices, Math.Max(place.Window * 2, slices));
        int from = place.Edge + 1;
        place.Edge = Math.Min(lastOfObject, lastSlice + place.Window);
        return (place.Edge, from);
    }

    /// <summary>What is known of the reader at one place of the table. Its own lock protects it.</summary>
    internal sealed class Place
    {
        public Lock Lock { get; } = new();

        public int Hash { get; private set; }

        /// <summary>Responses under way.</summary>
        public int Active { get; set; }

        /// <summary>Object offset behind the last range; 0 before the first.</summary>
        public long NextByte { get; set; }

        /// <summary>How many slices to stay ahead.</summary>
        public int Window { get; set; }

        /// <summary>Last slice asked for, by the client or ahead of it.</summary>
        public int Edge { get; set; }

        public void Reset(int hash)
        {
            (Hash, Active, NextByte, Window, Edge) = (hash, 0, 0, 0, 0);
        }
    }
}

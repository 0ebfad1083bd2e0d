namespace S3Proxy.Caching.Memory;

/// <summary>
/// About how often a hash was seen lately, of many more hashes than are cached: a count-min sketch of four rows of counters of four bits, of which the least counts. All
/// are halved from time to time, so that what was popular once is forgotten. An estimate is never too low but for that; too high only makes an entry look more wanted.
/// Not thread-safe.
/// </summary>
internal sealed class FrequencySketch
{
    /// <summary>Largest estimate.</summary>
    public const int Most = 15;

    /// <summary>What an entry costs here, between two doublings.</summary>
    public const int EntryBytes = 12;

    private const int Rows = 4;
    private const int CountersForEachEntry = 4;
    private const int LeastEntries = 1024;

    /// <summary>Counts for each entry between two halvings. With ten, as is usual, small caches forget too soon (docs/decisions/0017).</summary>
    private const int CountsForEachEntry = 20;

    private byte[][] _rows = NewRows(LeastEntries * CountersForEachEntry);
    private int _entries = LeastEntries;
    private int _counted;

    /// <summary>Makes room for more entries, at a doubling: every counter is then one of two that begin alike.</summary>
    public void EnsureEntries(int entries)
    {
        while (_entries < entries && _entries < int.MaxValue / 64)
        {
            _entries *= 2;
            _rows = [.. _rows.Select(static row => (byte[])[.. row, .. row])];
        }
    }

    /// <summary>How often the hash was counted lately, 0 to <see cref="Most"/>.</summary>
    public int Estimate(int hash)
    {
        int least = Most;
        for (int row = 0; row < Rows; row++)
        {
            int place = PlaceOf(hash, row);
            least = Math.Min(least, (_rows[row][place >> 1] >> Shift(place)) & Most);
        }

        return least;
    }

    /// <summary>Counts a hash <paramref name="times"/> times, each of its counters up to <see cref="Most"/>.</summary>
    public void Count(int hash, int times)
    {
        for (int row = 0; row < Rows; row++)
        {
            int place = PlaceOf(hash, row);
            ref byte pair = ref _rows[row][place >> 1];
            int counter = (pair >> Shift(place)) & Most;
            pair += (byte)(Math.Min(times, Most - counter) << Shift(place));
        }

        _counted += times;
        if (_counted >= CountsForEachEntry * (long)_entries)
        {
            Halve();
        }
    }

    private static byte[][] NewRows(int counters) => [.. Enumerable.Range(0, Rows).Select(_ => new byte[counters / 2])];

    private static int Shift(int place) => (place & 1) * 4;

    private int PlaceOf(int hash, int row)
    {
        // A multiplier a row, odd and without pattern; the upper bits of the product depend on all of the hash.
        ulong bits = ((ulong)(uint)hash + 1) * (0x9e3779b97f4a7c15 + ((ulong)row * 0xc2b2ae3d27d4eb4e));
        return (int)(bits >> 32) & ((_rows[row].Length * 2) - 1);
    }

    private void Halve()
    {
        foreach (byte[] row in _rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (byte)((row[i] >> 1) & 0x77);
            }
        }

        _counted /= 2;
    }
}

using S3Proxy.SoakTests.Checking;

namespace S3Proxy.SoakTests.Load;

/// <summary>Plans the reads of one client from its own random numbers, so that the same seed plans the same. Not thread-safe.</summary>
internal sealed class ReadPlanner(Random random, bool isSlow)
{
    /// <summary>The next read of an object.</summary>
    public SoakRead Next(ObjectLedger ledger)
    {
        WrittenVersion newest = ledger.Newest;
        long length = Math.Max(1, newest.LengthBytes);
        int kind = random.Next(100);
        SoakRead read = kind switch
        {
            < 40 => new SoakRead(),
            < 75 => new SoakRead { Range = NextRange(length) },
            < 85 => new SoakRead { HeadersOnly = true },
            < 93 => new SoakRead { IfNoneMatch = newest.ETag },
            _ => new SoakRead { IfMatch = newest.ETag },
        };
        bool leaves = !read.HeadersOnly && random.Next(100) < 12;
        return read with { IsSlow = isSlow, LeaveAfterBytes = leaves ? random.NextInt64(length) + 1 : null };
    }

    private WantedRange NextRange(long length)
    {
        long first = random.NextInt64(length + 16);
        return random.Next(4) switch
        {
            0 => new WantedRange(null, random.NextInt64(length) + 1),
            1 => new WantedRange(first, null),
            2 => new WantedRange(first, first + random.Next(100)),
            _ => new WantedRange(first, first + random.NextInt64(length)),
        };
    }
}

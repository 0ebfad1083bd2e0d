using System.Globalization;
using S3Proxy.SoakTests.Checking;

namespace S3Proxy.SoakTests.Load;

/// <summary>The objects of the load with their ledgers, and what the next version of each will be. Immutable; the ledgers are thread-safe.</summary>
internal sealed class SoakObjects
{
    private const int ObjectsPerBucket = 12;
    private const int KiB = 1024;

    private readonly int _seed;

    public SoakObjects(int seed)
    {
        _seed = seed;
        ByBucket = SoakBucket.All.ToDictionary(bucket => bucket, LedgersOf);
    }

    public IReadOnlyDictionary<SoakBucket, ObjectLedger[]> ByBucket { get; }

    /// <summary>An object of a bucket; the first are asked for, and written, more often: the square of a uniform number favours them.</summary>
    public ObjectLedger Next(SoakBucket bucket, Random random)
    {
        ObjectLedger[] ledgers = ByBucket[bucket];
        double uniform = random.NextDouble();
        return ledgers[(int)(uniform * uniform * ledgers.Length)];
    }

    /// <summary>Version <paramref name="number"/> of an object; of another length than its other versions.</summary>
    public WrittenVersion Version(ObjectLedger ledger, int number, Func<WrittenVersion, string> etagOf)
    {
        ulong seed = Mix(Mix((ulong)(uint)_seed, ledger.Bucket + "/" + ledger.Key), number.ToString(CultureInfo.InvariantCulture));
        WrittenVersion version = new(number, LengthOf(ledger, seed), seed, ETag: null);
        return version with { ETag = etagOf(version) };
    }

    /// <summary>From half of the most on.</summary>
    private static long LengthOf(ObjectLedger ledger, ulong seed) => (ledger.MaxBytes / 2) + (long)(seed % (ulong)(ledger.MaxBytes / 2)) + 1;

    /// <summary>FNV-1a with a finaliser: the same on every machine, unlike <see cref="string.GetHashCode()"/>.</summary>
    internal static ulong Mix(ulong seed, string text)
    {
        ulong hash = 0xCBF29CE484222325 ^ seed;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
        return hash ^ (hash >> 29);
    }

    private static ObjectLedger[] LedgersOf(SoakBucket bucket) =>
        [.. Enumerable.Range(0, ObjectsPerBucket).Select(rank => new ObjectLedger(
            bucket.Name,
            string.Create(CultureInfo.InvariantCulture, $"object {rank:00}+é"),
            MaxBytesOf(bucket, rank),
            isOrdered: bucket.Writer == SoakWriter.Proxy))];

    /// <summary>A third small, a third of a slice or two, a third of many. Uploads stand in memory and so are smaller.</summary>
    private static long MaxBytesOf(SoakBucket bucket, int rank) => (rank % 3) switch
    {
        0 => 4 * KiB,
        1 => 400 * KiB,
        _ when bucket.Writer == SoakWriter.Proxy => 1_500 * KiB,
        _ => rank == 2 ? 12_000 * KiB : 4_000 * KiB,
    };
}

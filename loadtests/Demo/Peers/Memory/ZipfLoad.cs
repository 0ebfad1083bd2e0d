using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Demo.Scenarios;

namespace S3Proxy.Demo.Peers.Memory;

/// <summary>Requests for objects of which the first is the most popular, by Zipf's law; the same sequence for the same seed, whoever is asked. Immutable.</summary>
/// <param name="objects">By popularity.</param>
/// <param name="exponent">Of Zipf's law.</param>
internal sealed class ZipfLoad(PeerObject[] objects, double exponent)
{
    /// <summary>Of the sequence that fills a cache; rounds have the seeds after it.</summary>
    public const int FillSeed = 0;

    private const int Connections = 64;
    private readonly ZipfDistribution _popularity = new(objects.Length, exponent);
    private readonly long[] _sizes = [.. objects.Select(item => item.Length)];

    /// <summary>Bytes of an object in the mean, whatever its popularity.</summary>
    public long MeanBytes => _sizes.Sum() / _sizes.Length;

    /// <summary>Plays the beginning of a sequence, in a closed loop.</summary>
    /// <param name="room">Has the objects.</param>
    /// <param name="server">Who is asked.</param>
    /// <param name="seed">Of the sequence.</param>
    /// <param name="duration">How long at most.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LoadResult> PlayAsync(Room room, PeerServer server, int seed, TimeSpan duration, long count, CancellationToken cancellationToken)
    {
        using IEnumerator<int> indices = Draw(seed).GetEnumerator();
        return await room.PlayAsync(server.Endpoint, Connections, new ClosedLoop(Next, duration, count), cancellationToken);

        Ask Next()
        {
            indices.MoveNext();
            return objects[indices.Current].Whole(server.Endpoint);
        }
    }

    /// <summary>Fills a cache.</summary>
    /// <exception cref="WrongPeerException">An answer was not as it should be.</exception>
    public async Task FillAsync(Room room, PeerServer server, int count, CancellationToken cancellationToken)
    {
        LoadResult filled = await PlayAsync(room, server, FillSeed, TimeSpan.MaxValue, count, cancellationToken);
        if (filled.Errors > 0)
        {
            throw new WrongPeerException($"{server.Name} does not answer as it should: {filled.FirstError}");
        }
    }

    /// <summary>Replays a fill and rounds on known policies.</summary>
    /// <param name="contentBytes">What they may hold.</param>
    /// <param name="fillCount">Requests that fill them.</param>
    /// <param name="rounds">How many, with the seeds from 1.</param>
    /// <param name="roundCount">Requests of each.</param>
    /// <returns>By round.</returns>
    public ReplayedRatios[] Replay(long contentBytes, int fillCount, int rounds, int roundCount)
    {
        LruReplay lru = new(_sizes, contentBytes);
        FixedSetReplay popular = new(_sizes, _popularity.ProbabilityOf, contentBytes);
        FixedSetReplay dense = new(_sizes, index => _popularity.ProbabilityOf(index) / _sizes[index], contentBytes);
        lru.Play(Draw(FillSeed).Take(fillCount));
        return
        [
            .. Enumerable.Range(FillSeed + 1, rounds).Select(seed => Draw(seed).Take(roundCount).ToArray())
                .Select(requests => new ReplayedRatios(contentBytes, lru.Play(requests), popular.Play(requests), dense.Play(requests))),
        ];
    }

    /// <summary>Indices of the objects that are asked for, without end.</summary>
    private IEnumerable<int> Draw(int seed)
    {
        Random random = new(seed);
        while (true)
        {
            yield return _popularity.Next(random);
        }
    }
}

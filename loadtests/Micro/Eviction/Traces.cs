namespace S3Proxy.Micro.Eviction;

/// <summary>The traces, made from a fixed seed.</summary>
internal static class Traces
{
    private const int Seed = 20_261_121;
    private const int Objects = 100_000;
    private const int EvenBytes = 64 * 1024;
    private const int LoopObjects = 30_000;
    private const int ScanObjects = 20_000;
    private const int ShiftEvery = 50_000;

    /// <summary>Doublings from 1 KiB to 1 MiB.</summary>
    private const int LargestOctave = 10;

    private static readonly Zipf Usual = new(Objects, 0.9);

    /// <summary>Makes each trace with so many requests, one after the other.</summary>
    public static IEnumerable<Trace> Make(int count)
    {
        Zipf flat = new(Objects, 0.7);
        Zipf steep = new(Objects, 1.1);
        Zipf moving = new(Objects, 1.0);
        Zipf ages = new(Objects, 1.2);
        yield return Even("Zipf 0.7", "popularity by Zipf's law, flat", count, (random, _) => flat.Draw(random));
        yield return Even("Zipf 0.9", "the usual shape of the web and of object stores", count, (random, _) => Usual.Draw(random));
        yield return Even("Zipf 1.1", "few very hot objects", count, (random, _) => steep.Draw(random));
        yield return Even("Zipf and scans", "Zipf 0.9; a quarter of the requests are scans, each over 20,000 objects that nobody else wants", count, Scanned);
        yield return Even("Zipf and one-timers", "Zipf 0.9; half of the requests are for objects that are asked for once", count, (random, step) => random.Next(2) == 0 ? Objects + step : Usual.Draw(random));
        yield return Even("loop", "30,000 objects in turn, again and again, as a training run does", count, (_, step) => step % LoopObjects);
        yield return Even("loop and Zipf", "such a loop and Zipf 0.9 by turns", count, (random, step) => step % 2 == 0 ? Objects + (step / 2 % LoopObjects) : Usual.Draw(random));
        yield return Mixed("sizes mixed", "Zipf 0.9; sizes from 1 KiB to 1 MiB, each octave as frequent, whatever the popularity", count, LargestOctave, (random, _) => Usual.Draw(random));
        yield return Mixed("sizes to 256 KiB", "Zipf 1.0; sizes from 1 to 256 KiB likewise", count, 8, (random, _) => moving.Draw(random));
        yield return Mixed("sizes and scans", "Zipf and scans, sizes from 1 KiB to 1 MiB", count, LargestOctave, Scanned);
        yield return Mixed("sizes, loop, Zipf", "loop and Zipf, such sizes", count, LargestOctave, (random, step) => step % 2 == 0 ? Objects + (step / 2 % LoopObjects) : Usual.Draw(random));
        yield return Mixed("sizes shifting", "shifting, such sizes", count, LargestOctave, (random, step) => (moving.Draw(random) + (step / ShiftEvery * 500)) % Objects);
        yield return Mixed("sizes fading", "fading, such sizes", count, LargestOctave, (random, step) => Math.Max(0, (step / 20) - ages.Draw(random)));
        yield return Even("shifting", "Zipf 1.0; every 50,000 requests all ranks move on by 500 objects", count, (random, step) => (moving.Draw(random) + (step / ShiftEvery * 500)) % Objects);
        yield return Even("fading", "a new object every 20 requests, asked for less and less with age, as logs and build results are", count, (random, step) => Math.Max(0, (step / 20) - ages.Draw(random)));
    }

    /// <summary>Three blocks of ordinary requests, one of a scan over objects of its own.</summary>
    private static int Scanned(Random random, int step) =>
        step / ScanObjects % 4 == 3 ? Objects + step : Usual.Draw(random);

    private static Trace Even(string name, string what, int count, Func<Random, int, int> draw)
    {
        int[] requests = Requests(count, draw);
        int[] sizes = new int[requests.Max() + 1];
        Array.Fill(sizes, EvenBytes);
        return new Trace(name, what, requests, sizes);
    }

    private static Trace Mixed(string name, string what, int count, int octaves, Func<Random, int, int> draw)
    {
        int[] requests = Requests(count, draw);
        Random random = new(Seed + 1);
        int[] sizes = [.. Enumerable.Range(0, requests.Max() + 1).Select(_ => (int)(1024 * Math.Pow(2, random.NextDouble() * octaves)))];
        return new Trace(name, what, requests, sizes);
    }

    private static int[] Requests(int count, Func<Random, int, int> draw)
    {
        Random random = new(Seed);
        int[] requests = new int[count];
        for (int step = 0; step < count; step++)
        {
            requests[step] = draw(random, step);
        }

        return requests;
    }
}

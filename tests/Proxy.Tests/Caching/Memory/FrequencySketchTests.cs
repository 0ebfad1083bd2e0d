using S3Proxy.Caching.Memory;

namespace S3Proxy.Tests.Caching.Memory;

public sealed class FrequencySketchTests
{
    [Fact]
    public void An_estimate_is_never_below_the_count_and_never_above_the_most()
    {
        FrequencySketch sketch = new();
        Random random = new(20261121);
        Dictionary<int, int> counts = [];
        for (int i = 0; i < 3000; i++)
        {
            int hash = random.Next(700) * 7919;
            int times = random.Next(1, 4);
            sketch.Count(hash, times);
            counts[hash] = counts.GetValueOrDefault(hash) + times;
        }

        Assert.All(counts, pair => Assert.InRange(sketch.Estimate(pair.Key), Math.Min(pair.Value, FrequencySketch.Most), FrequencySketch.Most));
    }

    [Fact]
    public void What_was_never_counted_is_nearly_always_estimated_as_nothing()
    {
        FrequencySketch sketch = new();
        for (int i = 0; i < 500; i++)
        {
            sketch.Count(i, 3);
        }

        Assert.InRange(Enumerable.Range(100_000, 1000).Count(hash => sketch.Estimate(hash) > 0), 0, 20);
    }

    [Fact]
    public void Growing_forgets_nothing()
    {
        FrequencySketch sketch = new();
        for (int i = 0; i < 500; i++)
        {
            sketch.Count(i, (i % 9) + 1);
        }

        int[] before = [.. Enumerable.Range(0, 500).Select(sketch.Estimate)];
        sketch.EnsureEntries(100_000);

        Assert.Equal(before, Enumerable.Range(0, 500).Select(sketch.Estimate));
    }

    [Fact]
    public void What_was_popular_once_is_forgotten()
    {
        FrequencySketch sketch = new();
        sketch.Count(1, FrequencySketch.Most);
        for (int i = 0; i < 200_000; i++)
        {
            sketch.Count(10_000 + i, 1);
        }

        Assert.InRange(sketch.Estimate(1), 0, FrequencySketch.Most - 1);
    }
}

namespace S3Proxy.Micro.Eviction;

/// <summary>Draws ranks by Zipf's law, 0 the most frequent.</summary>
internal sealed class Zipf
{
    private readonly double[] _cumulated;

    public Zipf(int ranks, double exponent)
    {
        _cumulated = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++)
        {
            sum += Math.Pow(rank + 1, -exponent);
            _cumulated[rank] = sum;
        }
    }

    public int Draw(Random random)
    {
        int found = Array.BinarySearch(_cumulated, random.NextDouble() * _cumulated[^1]);
        return Math.Min(found < 0 ? ~found : found, _cumulated.Length - 1);
    }
}

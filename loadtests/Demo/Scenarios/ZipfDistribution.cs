namespace S3Proxy.Demo.Scenarios;

/// <summary>Ranks of which rank <c>r</c> (from 1) is drawn with a probability proportional to <c>1 / r^exponent</c>. Immutable.</summary>
internal sealed class ZipfDistribution
{
    private readonly double[] _cumulative;

    /// <param name="count">How many ranks; at least one.</param>
    /// <param name="exponent">0 is uniform; 1 is the classic law.</param>
    public ZipfDistribution(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += 1 / Math.Pow(i + 1, exponent);
            _cumulative[i] = sum;
        }
    }

    /// <summary>How likely an index from 0 is drawn.</summary>
    public double ProbabilityOf(int index) => (_cumulative[index] - (index == 0 ? 0 : _cumulative[index - 1])) / _cumulative[^1];

    /// <summary>An index from 0, the most likely one, to count - 1.</summary>
    public int Next(Random random)
    {
        int found = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, _cumulative.Length - 1);
    }
}

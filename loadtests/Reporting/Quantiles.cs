namespace S3Proxy.Reporting;

/// <summary>Order statistics of small samples.</summary>
public static class Quantiles
{
    /// <summary>The quantile of the values, 0 to 1, nearest rank; 0 for no values.</summary>
    public static double Of(IEnumerable<double> values, double quantile)
    {
        double[] ordered = [.. values.Order()];
        return ordered.Length == 0 ? 0 : ordered[Math.Min(ordered.Length - 1, (int)(quantile * ordered.Length))];
    }
}

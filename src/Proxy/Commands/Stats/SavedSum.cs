using System.Globalization;

namespace S3Proxy.Commands.Stats;

/// <summary>What the origin was spared.</summary>
/// <param name="Requests">Reads that cost it no request of their own.</param>
/// <param name="Bytes">Body bytes that were not fetched for the read.</param>
internal readonly record struct SavedSum(double Requests, double Bytes)
{
    private const string RequestsMetric = "s3proxy_saved_requests_total{";
    private const string BytesMetric = "s3proxy_saved_bytes_total{";
    private const string BucketLabel = "bucket=\"";

    /// <summary>Adds the savings of all clients up, by bucket, from Prometheus' text format. Lines that are not of that form are left out.</summary>
    public static IReadOnlyDictionary<string, SavedSum> ByBucket(string metrics)
    {
        Dictionary<string, SavedSum> sums = new(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in metrics.AsSpan().EnumerateLines())
        {
            bool isRequests = line.StartsWith(RequestsMetric, StringComparison.Ordinal);
            if ((isRequests || line.StartsWith(BytesMetric, StringComparison.Ordinal)) && TryRead(line, out string bucket, out double value))
            {
                SavedSum sum = sums.GetValueOrDefault(bucket);
                sums[bucket] = isRequests ? sum with { Requests = sum.Requests + value } : sum with { Bytes = sum.Bytes + value };
            }
        }

        return sums;
    }

    /// <summary>Names of buckets have no character that is escaped; those of clients may, and are skipped.</summary>
    private static bool TryRead(ReadOnlySpan<char> line, out string bucket, out double value)
    {
        bucket = "";
        value = 0;
        int start = line.IndexOf(BucketLabel, StringComparison.Ordinal) + BucketLabel.Length;
        int length = start < BucketLabel.Length ? -1 : line[start..].IndexOf('"');
        if (length < 0)
        {
            return false;
        }

        bucket = line.Slice(start, length).ToString();
        return double.TryParse(line[(line.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}

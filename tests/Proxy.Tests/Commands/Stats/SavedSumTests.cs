using S3Proxy.Commands.Stats;

namespace S3Proxy.Tests.Commands.Stats;

public sealed class SavedSumTests
{
    [Fact]
    public void Savings_of_all_clients_are_added_up_by_bucket()
    {
        IReadOnlyDictionary<string, SavedSum> sums = SavedSum.ByBucket("""
            # TYPE s3proxy_saved_requests_total counter
            s3proxy_saved_requests_total{bucket="models",client="CLIENT1"} 3
            s3proxy_saved_requests_total{bucket="models",client="a \" b}"} 4
            s3proxy_saved_requests_total{client="x",bucket="photos"} 1
            s3proxy_saved_bytes_total{bucket="models",client="CLIENT1"} 1.5e+06
            s3proxy_saved_bytes_total{bucket="broken
            s3proxy_saved_requests_total 9
            s3proxy_requests_total{bucket="models"} 100
            """);

        Assert.Equal(2, sums.Count);
        Assert.Equal(new SavedSum(7, 1_500_000), sums["models"]);
        Assert.Equal(new SavedSum(1, 0), sums["photos"]);
    }
}

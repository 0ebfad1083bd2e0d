using System.Text;

namespace S3Proxy.FunctionalTests.Fleet;

/// <summary>Requirement I5: an event that one replica is told of holds for all.</summary>
public sealed class FleetEventTests
{
    [Fact]
    public async Task I5_all_replicas_see_a_foreign_overwrite_when_one_was_told()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        for (int round = 0; round < 5; round++)
        {
            string text = $"version {round}";
            fleet.Origin.PutObject(TestProxy.Bucket, "a", Encoding.UTF8.GetBytes(text));
            await TellAsync(fleet[round % 3], round);
            foreach (TestProxy replica in fleet.Replicas)
            {
                Assert.Equal(text, await replica.Client.GetStringAsync(new Uri(replica.Data, $"/{TestProxy.Bucket}/a")));
            }
        }
    }

    private static async Task TellAsync(TestProxy replica, int sequencer)
    {
        string json = $$$"""{"Records":[{"eventSource":"ceph:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"{{{TestProxy.Bucket}}}"},"object":{"key":"a","sequencer":"{{{sequencer}}}"} } }]}""";
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await replica.Client.PostAsync(new Uri(replica.Admin, "/admin/events"), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Contains("\"invalidated\":1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Xml.Linq;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>Requirement S10 for writes: the same calls, straight to one bucket and through the proxy to another, have the same answers and the same effect.</summary>
[Collection(OneGateway.Name)]
public sealed class WriteDifferentialTests(GatewayFixture fixture, ITestOutputHelper output)
{
    public static TheoryData<string, AddressStyle> Groups()
    {
        TheoryData<string, AddressStyle> data = [];
        foreach (string group in WriteScenarios.All.Keys)
        {
            data.Add(group, AddressStyle.Path);
            data.Add(group, AddressStyle.Host);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Writes_answer_and_do_what_they_would_without_the_proxy(string group, AddressStyle style)
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        DifferentialReport report = new(group, style);
        using S3Side direct = new(gateway.Endpoint, gateway.AccessKey, gateway.SecretKey, closesConnections: true);
        await using ConformanceProxy proxy = await ConformanceProxy.StartAsync(gateway, ProxyVariant.Usual);
        using S3Side proxied = new(proxy.Endpoint, ConformanceProxy.ClientKeyId, ConformanceProxy.ClientSecret);
        foreach (WriteScenario scenario in WriteScenarios.All[group])
        {
            string bucket = string.Create(CultureInfo.InvariantCulture, $"writes-{Guid.NewGuid():n}");
            await new ScenarioRun(scenario, style, report, direct, proxied, bucket).RunAsync();
        }

        output.WriteLine(report.Summary());
        report.Check();
    }

    /// <summary>One scenario on its two buckets.</summary>
    private sealed class ScenarioRun(WriteScenario scenario, AddressStyle style, DifferentialReport report, S3Side direct, S3Side proxied, string bucket)
    {
        /// <summary>How many objects of a bucket are compared by their tags and ACL too; where there are more, they differ by their keys only.</summary>
        private const int ObjectsAskedForAll = 8;

        private readonly OpaqueValues _ofDirect = new(bucket + "-a");
        private readonly OpaqueValues _ofProxied = new(bucket + "-b");

        public async Task RunAsync()
        {
            foreach (OpaqueValues values in new[] { _ofDirect, _ofProxied })
            {
                S3Answer made = await direct.SendAsync(values.Fill(S3Call.Put(null)), AddressStyle.Path);
                Assert.Equal(200, made.Status);
            }

            foreach (S3Call call in scenario.Calls)
            {
                S3Answer expected = await direct.SendAsync(_ofDirect.Fill(call), style);
                S3Answer actual = await proxied.SendAsync(_ofProxied.Fill(call), style);
                _ofDirect.Learn(call, expected);
                _ofProxied.Learn(call, actual);
                Compare(call, "", _ofDirect, expected, actual);
            }

            await CompareStateAsync();
        }

        /// <summary>What the buckets hold, asked past the proxy; and what the proxy tells of it, whose cache the scenario has filled.</summary>
        private async Task CompareStateAsync()
        {
            foreach (string query in new[] { "versions", "uploads", "versioning", "acl" })
            {
                await CompareStateAsync(S3Call.Get(null, query));
            }

            S3Answer list = await direct.SendAsync(_ofDirect.Fill(S3Call.Get(null)), AddressStyle.Path);
            if (list.Status != 200)
            {
                return;
            }

            string[] keys = [.. XElement.Parse(list.Text).Descendants().Where(element => element.Name.LocalName == "Key").Select(element => element.Value)];
            for (int i = 0; i < keys.Length; i++)
            {
                string path = string.Join('/', keys[i].Split('/').Select(Uri.EscapeDataString));
                await CompareStateAsync(S3Call.Get(path));
                if (i < ObjectsAskedForAll)
                {
                    await CompareStateAsync(S3Call.Get(path, "tagging"));
                    await CompareStateAsync(S3Call.Get(path, "acl"));
                }

                S3Call read = S3Call.Get(path);
                Compare(read, "after all", _ofProxied, await direct.SendAsync(_ofProxied.Fill(read), style), await proxied.SendAsync(_ofProxied.Fill(read), style));
            }
        }

        private async Task CompareStateAsync(S3Call call)
        {
            S3Answer expected = await direct.SendAsync(_ofDirect.Fill(call), AddressStyle.Path);
            S3Answer actual = await direct.SendAsync(_ofProxied.Fill(call), AddressStyle.Path);
            Compare(call, "state", _ofDirect, expected, actual);
        }

        private void Compare(S3Call call, string state, OpaqueValues ofExpected, S3Answer expected, S3Answer actual)
        {
            List<AnswerDifference> differences = AnswerComparer.Compare(expected, actual, ofExpected, _ofProxied, masksTimes: true);
            string where = state.Length == 0 ? scenario.Name : $"{scenario.Name}, {state}";
            report.Add(new Exchange(report.Group, call, style, where, expected, actual), differences);
        }
    }
}

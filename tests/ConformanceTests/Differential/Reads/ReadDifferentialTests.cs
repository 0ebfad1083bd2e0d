using S3Proxy.Configuration;
using S3Proxy.Testing.Ceph;
using Xunit.Abstractions;

namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Requirement S10 for reads: each is sent to the gateway itself and, with the cache cold and hot, through the proxy, and must be answered alike.</summary>
[Collection(OneGateway.Name)]
public sealed class ReadDifferentialTests(GatewayFixture fixture, ReadObjectsFixture objects, ITestOutputHelper output) : IClassFixture<ReadObjectsFixture>
{
    public static TheoryData<string, AddressStyle> Tables()
    {
        TheoryData<string, AddressStyle> data = [];
        foreach (string group in ReadTables.All.Keys)
        {
            data.Add(group, AddressStyle.Path);
            data.Add(group, AddressStyle.Host);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Reads_are_answered_as_without_the_proxy(string table, AddressStyle style)
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        ProxyVariant variant = new() { Auth = table == ReadTables.Anonymous ? AuthMode.Anonymous : AuthMode.SigV4 };
        DifferentialReport report = new(table, style);
        await CompareAsync(gateway, variant, table, style, report);
        output.WriteLine(report.Summary());
        report.Check();
    }

    private async Task CompareAsync(RadosGateway gateway, ProxyVariant variant, string table, AddressStyle style, DifferentialReport report)
    {
        using S3Side direct = new(gateway.Endpoint, gateway.AccessKey, gateway.SecretKey, closesConnections: true);
        await using ConformanceProxy proxy = await ConformanceProxy.StartAsync(gateway, variant);
        using S3Side proxied = new(proxy.Endpoint, ConformanceProxy.ClientKeyId, ConformanceProxy.ClientSecret);
        OpaqueValues values = await objects.PrepareAsync(direct);
        foreach (ReadCase read in ReadTables.All[table])
        {
            S3Call call = values.Fill(read.Call);
            S3Answer expected = await direct.SendAsync(call, style);

            proxy.Forget();
            Add("cold", await proxied.SendAsync(call, style), ["MISS"]);
            if (!read.IsCached)
            {
                continue;
            }

            Add("again", await proxied.SendAsync(call, style), null);
            await proxied.SendAsync(call with { Method = "GET", Headers = [], Query = "", Signing = variant.Auth == AuthMode.Anonymous ? CallSigning.Anonymous : CallSigning.Header }, style);
            Add("warm", await proxied.SendAsync(call, style), ["HIT"]);

            void Add(string state, S3Answer actual, string[]? outcomes)
            {
                List<AnswerDifference> differences = AnswerComparer.Compare(expected, actual, values, values, masksTimes: false);
                if (read.IsCached && outcomes is not null && !outcomes.Contains(actual.Outcome))
                {
                    differences.Add(new AnswerDifference("x-cache", string.Join(" or ", outcomes), actual.Outcome ?? "(none)"));
                }

                report.Add(new Exchange(table, read.Call, style, read.IsCached ? state : "", expected, actual), differences);
            }
        }
    }
}

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
        await CompareAsync(gateway, variant, table, style);
    }

    /// <summary>With every read asking the origin, and with every read fetching for itself.</summary>
    [Theory]
    [InlineData("ranges", CacheSetting.Revalidate)]
    [InlineData("conditions", CacheSetting.Revalidate)]
    [InlineData("object headers", CacheSetting.Revalidate)]
    [InlineData("ranges", CacheSetting.Uncoalesced)]
    [InlineData("conditions", CacheSetting.Uncoalesced)]
    [InlineData("object headers", CacheSetting.Uncoalesced)]
    public async Task However_the_cache_is_set_reads_are_answered_as_without_the_proxy(string table, CacheSetting setting)
    {
        if (fixture.Find(output) is not { } gateway)
        {
            return;
        }

        ProxyVariant variant = setting == CacheSetting.Revalidate
            ? new() { Cache = CacheMode.Revalidate, WarmOutcome = "REVALIDATED" }
            : new() { Coalescing = CoalescingMode.Off };
        await CompareAsync(gateway, variant, table, AddressStyle.Path);
    }

    private async Task CompareAsync(RadosGateway gateway, ProxyVariant variant, string table, AddressStyle style)
    {
        DifferentialReport report = new(table, style);
        using S3Side direct = new(gateway.Endpoint, gateway.AccessKey, gateway.SecretKey, closesConnections: true);
        await using ConformanceProxy proxy = await ConformanceProxy.StartAsync(gateway, variant);
        using S3Side proxied = new(proxy.Endpoint, ConformanceProxy.ClientKeyId, ConformanceProxy.ClientSecret);
        OpaqueValues values = await objects.PrepareAsync(direct);
        foreach (ReadCase read in ReadTables.All[table])
        {
            S3Call call = values.Fill(read.Call);
            S3Answer expected = await direct.SendAsync(call, style);

            proxy.Forget();
            Add("cold", await proxied.SendAsync(call, style), "MISS");
            if (!read.IsCached)
            {
                continue;
            }

            S3Call whole = call with { Method = "GET", Headers = [], Query = "", Signing = variant.Auth == AuthMode.Anonymous ? CallSigning.Anonymous : CallSigning.Header };
            bool isWhole = call is { Method: "GET", Headers.Length: 0, Query.Length: 0, Signing: not CallSigning.Presigned };
            Add("again", await proxied.SendAsync(call, style), isWhole ? variant.WarmOutcome : null);
            if (isWhole)
            {
                continue;
            }

            await proxied.SendAsync(whole, style);
            Add("warm", await proxied.SendAsync(call, style), variant.WarmOutcome);

            void Add(string state, S3Answer actual, string? outcome)
            {
                List<AnswerDifference> differences = AnswerComparer.Compare(expected, actual, values, values, masksTimes: false);
                if (read.IsCached && outcome is not null && !IsExpected(outcome, actual.Outcome))
                {
                    differences.Add(new AnswerDifference("x-cache", outcome, actual.Outcome ?? "(none)"));
                }

                report.Add(new Exchange(table, read.Call, style, read.IsCached ? state : "", expected, actual), differences);
            }
        }

        output.WriteLine(report.Summary());
        report.Check();
    }

    /// <summary>A flight hands its last byte over before it leaves the table, so a reader that follows at once may still join it where a hit is expected.</summary>
    private static bool IsExpected(string outcome, string? actual) => actual == outcome || (outcome == "HIT" && actual == "COALESCED");

    /// <summary>What is set otherwise.</summary>
    public enum CacheSetting
    {
        Revalidate,
        Uncoalesced,
    }
}

using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Chart;

/// <summary>What types cannot say: that the parts of the chart refer to one another, and that the pod is locked down (requirement O7).</summary>
public sealed class ChartStructureTests(ITestOutputHelper output)
{
    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task Selectors_and_ports_meet_the_pods(string valuesFile)
    {
        if (await RenderAsync(valuesFile) is not { } rendering)
        {
            return;
        }

        JsonObject labels = rendering.Pod["metadata"]!["labels"]!.AsObject();
        AssertSelects(rendering.OfKind("Deployment").Single()["spec"]!["selector"]!["matchLabels"], labels);
        foreach (JsonNode service in rendering.OfKind("Service"))
        {
            AssertSelects(service["spec"]!["selector"], labels);
            Assert.All(service["spec"]!["ports"]!.AsArray(), port => Assert.Contains(port!["targetPort"]!.GetValue<string>(), PortNames(rendering)));
        }

        foreach (string kind in (string[])["PodDisruptionBudget", "PodMonitor"])
        {
            Assert.All(rendering.OfKind(kind), one => AssertSelects(one["spec"]!["selector"]!["matchLabels"], labels));
        }

        Assert.All(rendering.OfKind("NetworkPolicy"), policy => AssertSelects(policy["spec"]!["podSelector"]!["matchLabels"], labels));
        foreach (JsonNode monitor in rendering.OfKind("ServiceMonitor"))
        {
            JsonNode service = Assert.Single(rendering.OfKind("Service"), one => Selects(monitor["spec"]!["selector"]!["matchLabels"]!, one["metadata"]!["labels"]!.AsObject()));
            string port = monitor["spec"]!["endpoints"]![0]!["port"]!.GetValue<string>();
            Assert.Contains(service["spec"]!["ports"]!.AsArray(), one => one!["name"]!.GetValue<string>() == port);
        }

        Assert.All(rendering.OfKind("HorizontalPodAutoscaler"), scaler => Assert.Equal(
            rendering.OfKind("Deployment").Single()["metadata"]!["name"]!.GetValue<string>(), scaler["spec"]!["scaleTargetRef"]!["name"]!.GetValue<string>()));
        Assert.Equal(rendering.OfKind("HorizontalPodAutoscaler").Any(), rendering.OfKind("Deployment").Single()["spec"]!["replicas"] is null);
    }

    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task The_container_is_locked_down_probed_and_bounded(string valuesFile)
    {
        if (await RenderAsync(valuesFile) is not { } rendering)
        {
            return;
        }

        string adminScheme = rendering.Configuration.Contains("admin: https://", StringComparison.Ordinal) ? "HTTPS" : "HTTP";
        Assert.Equal(valuesFile == "tls-values.yaml" ? "HTTPS" : "HTTP", adminScheme);
        JsonNode pod = rendering.Pod["spec"]!;
        Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
        Assert.True(pod["securityContext"]!["runAsUser"]!.GetValue<long>() > 0);
        Assert.Equal("RuntimeDefault", pod["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>());
        Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
        Assert.All(pod["containers"]!.AsArray(), container =>
        {
            JsonNode security = container!["securityContext"]!;
            Assert.True(security["readOnlyRootFilesystem"]!.GetValue<bool>());
            Assert.False(security["allowPrivilegeEscalation"]!.GetValue<bool>());
            Assert.Equal("ALL", Assert.Single(security["capabilities"]!["drop"]!.AsArray())!.GetValue<string>());
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            foreach ((string probe, string path) in (ReadOnlySpan<(string, string)>)[("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")])
            {
                Assert.Equal(path, container[probe]!["httpGet"]!["path"]!.GetValue<string>());
                Assert.Equal("admin", container[probe]!["httpGet"]!["port"]!.GetValue<string>());
                Assert.Equal(adminScheme, container[probe]!["httpGet"]!["scheme"]!.GetValue<string>());
            }
        });
    }

    [Theory]
    [ClassData(typeof(ValuesFiles))]
    public async Task What_is_mounted_exists_and_tmp_can_be_written(string valuesFile)
    {
        if (await RenderAsync(valuesFile) is not { } rendering)
        {
            return;
        }

        JsonArray volumes = rendering.Pod["spec"]!["volumes"]!.AsArray();
        string[] names = [.. volumes.Select(volume => volume!["name"]!.GetValue<string>())];
        JsonArray mounts = rendering.Container["volumeMounts"]!.AsArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), mounts.Select(mount => mount!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(mounts, mount => Assert.Null(mount!["subPath"]));
        Assert.All(mounts, mount => Assert.Equal(mount!["mountPath"]!.GetValue<string>() != "/tmp", mount["readOnly"] is not null));
        Assert.NotNull(volumes.Single(volume => volume!["name"]!.GetValue<string>() == "tmp")!["emptyDir"]);
        string[] configMaps = [.. rendering.OfKind("ConfigMap").Select(one => one["metadata"]!["name"]!.GetValue<string>())];
        Assert.Contains(volumes.Single(volume => volume!["name"]!.GetValue<string>() == "config")!["configMap"]!["name"]!.GetValue<string>(), configMaps);
    }

    [Fact]
    public async Task The_token_of_events_is_a_file_from_a_secret_and_absent_where_there_is_none()
    {
        if (await RenderAsync("existing-secrets-values.yaml") is not { } named || await RenderAsync("minimal-values.yaml") is not { } without)
        {
            return;
        }

        Assert.Equal("/etc/s3proxy/secrets/events-token", Yaml.ReadAll(named.Configuration).Single()["events"]!["tokenFile"]!.GetValue<string>());
        JsonNode volume = named.Pod["spec"]!["volumes"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "secrets")!;
        JsonNode source = volume["projected"]!["sources"]!.AsArray().Single(one => one!["secret"]!["name"]!.GetValue<string>() == "store-events")!;
        Assert.Equal("events", source["secret"]!["items"]![0]!["key"]!.GetValue<string>());
        Assert.Equal("events-token", source["secret"]!["items"]![0]!["path"]!.GetValue<string>());
        Assert.Null(Yaml.ReadAll(without.Configuration).Single()["events"]);
    }

    [Fact]
    public async Task The_admin_port_is_reached_from_monitoring_alone()
    {
        if (await RenderAsync("production-values.yaml") is not { } rendering)
        {
            return;
        }

        JsonNode policy = rendering.OfKind("NetworkPolicy").Single()["spec"]!;
        JsonNode admin = policy["ingress"]!.AsArray().Single(rule => rule!["ports"]![0]!["port"]!.GetValue<string>() == "admin")!;
        JsonNode match = Assert.Single(admin["from"]!.AsArray())!["namespaceSelector"]!["matchExpressions"]![0]!;
        Assert.Equal("""{"key":"kubernetes.io/metadata.name","operator":"In","values":["monitoring"]}""", match.ToJsonString());
        Assert.All(rendering.OfKind("Service").Where(service => service["spec"]!["clusterIP"] is null), service =>
            Assert.Equal("data", Assert.Single(service["spec"]!["ports"]!.AsArray())!["name"]!.GetValue<string>()));
        long[] ports = [.. policy["egress"]!.AsArray().SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => port!["port"]!.GetValue<long>()).Distinct().Order()];
        Assert.Equal([53, 80, 443, 6379, 6380], ports);
    }

    [Theory]
    [InlineData("hot", "config.cache.default.ttl=1m", "config.cache.default.ttl=2m", false)]
    [InlineData("hot", "config.buckets.new.origin=main", "config.buckets.other.origin=main", false)]
    [InlineData("hot", "config.listen.hostSuffix=a.example", "config.listen.hostSuffix=b.example", false)]
    [InlineData("hot", "config.telemetry.trail=off", "config.telemetry.trail=all", false)]
    [InlineData("hot", "config.telemetry.maxTenants=10", "config.telemetry.maxTenants=20", true)]
    [InlineData("hot", "config.cache.sliceSize=1MiB", "config.cache.sliceSize=2MiB", true)]
    [InlineData("restart", "config.cache.default.ttl=1m", "config.cache.default.ttl=2m", true)]
    public async Task Pods_are_rolled_for_a_new_configuration_only_where_they_cannot_read_it(string reload, string before, string after, bool isRolled)
    {
        string[] how = ["--set", "reload=" + reload, "--set"];
        if (await RenderAsync("minimal-values.yaml", [.. how, before]) is { } first && await RenderAsync("minimal-values.yaml", [.. how, after]) is { } second)
        {
            Assert.NotEqual(first.Configuration, second.Configuration);
            Assert.Equal(isRolled, first.Pod.ToJsonString() != second.Pod.ToJsonString());
        }
    }

    private async Task<Rendering?> RenderAsync(string valuesFile, params string[] more)
    {
        Rendering? rendering = await Rendering.OfAsync(valuesFile, more);
        if (rendering is null)
        {
            output.WriteLine(Helm.Missing);
        }

        return rendering;
    }

    private static string[] PortNames(Rendering rendering) => [.. rendering.Container["ports"]!.AsArray().Select(port => port!["name"]!.GetValue<string>())];

    private static void AssertSelects(JsonNode? selector, JsonObject labels) => Assert.True(Selects(selector!, labels), $"{selector} does not select {labels}");

    private static bool Selects(JsonNode selector, JsonObject labels) =>
        selector.AsObject().Count > 0 && selector.AsObject().All(label => labels[label.Key]?.GetValue<string>() == label.Value!.GetValue<string>());
}

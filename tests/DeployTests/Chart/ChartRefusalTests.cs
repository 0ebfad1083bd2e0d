using S3Proxy.Testing.Programs;
using Xunit.Abstractions;

namespace S3Proxy.DeployTests.Chart;

/// <summary>Bad values are refused, and the message says which and why (requirement O7).</summary>
public sealed class ChartRefusalTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("additional properties 'replicas' not allowed", "replicas=3")]
    [InlineData("/replicaCount", "replicaCount=0")]
    [InlineData("/reload", "reload=sometimes")]
    [InlineData("/config/auth/mode", "config.auth.mode=open")]
    [InlineData("/config/origins/main/endpoints/0", "config.origins.main.endpoints={ftp://host}")]
    [InlineData("/service/type", "service.type=ExternalName")]
    [InlineData("/resources/limits/memory", "resources.limits.memory=lots")]
    [InlineData("missing properties 'existingSecret'", "clientKeys[0].accessKeyId=A")]
    [InlineData("/ingress/hosts", "ingress.enabled=true")]
    [InlineData("/networkPolicy", "networkPolicy.enable=true")]
    [InlineData("/probes/liveness/periodSeconds", "probes.liveness.periodSeconds=0")]
    [InlineData("does not fit into resources.limits.memory (1Gi): with 256 MiB beside the cache and 12 % on top of it 1152 MiB are needed", "config.cache.memory.size=800MiB")]
    [InlineData("lower the size to 685MiB", "config.cache.memory.size=1GiB")]
    [InlineData("leaves no room for a cache", "resources.limits.memory=256Mi")]
    [InlineData("config.cache.memory.size: '1 apple' has a unit that is not known", "config.cache.memory.size=1 apple")]
    [InlineData("gc.heapHardLimit (2Gi) is above resources.limits.memory", "gc.heapHardLimit=2Gi")]
    [InlineData("config.origins.main.credentials.secretAccessKey is a secret", "config.origins.main.credentials.secretAccessKey=x")]
    [InlineData("config.auth.keys[0].secretAccessKey is a secret", "config.auth.keys[0].secretAccessKey=x")]
    [InlineData("config.events.token is a secret", "config.events.token=x")]
    [InlineData("/eventsToken/existingSecret", "eventsToken.existingSecret=Not_A_Name")]
    [InlineData("redis.connection is missing", "redis.enabled=true")]
    [InlineData("config.origins has no other", "originCredentials.other.existingSecret=a,originCredentials.other.accessKeyId=b")]
    [InlineData("without anything to scale by", "autoscaling.enabled=true,autoscaling.targetCPUUtilizationPercentage=null")]
    [InlineData("autoscaling.minReplicas (20) is above autoscaling.maxReplicas (10)", "autoscaling.enabled=true,autoscaling.minReplicas=20")]
    [InlineData("both enabled", "serviceMonitor.enabled=true,podMonitor.enabled=true")]
    [InlineData("terminationGracePeriodSeconds (60) is shorter than the drain (65 s)", "config.drain.readinessDelay=5s,config.drain.timeout=1m")]
    [InlineData("terminationGracePeriodSeconds (60) is shorter than the drain (61 s)", "config.drain.readinessDelay=1m")]
    [InlineData("config.drain.timeout is 0", "config.drain.timeout=0s")]
    [InlineData("config.reload.interval is 0", "config.reload.interval=0s")]
    [InlineData("tls.admin needs tls.existingSecret", "tls.admin=true")]
    public async Task Bad_values_are_refused(string message, string values)
    {
        if (await Helm.FindAsync() is not { } helm)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        ProgramResult refused = await helm.TemplateAsync(Helm.PathOfValues("minimal-values.yaml"), "--set", values);
        Assert.False(refused.Succeeded, refused.Output);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_defaults_alone_say_that_an_origin_is_missing()
    {
        if (await Helm.FindAsync() is not { } helm)
        {
            output.WriteLine(Helm.Missing);
            return;
        }

        ProgramResult refused = await helm.TemplateAsync(Path.Combine(Helm.ChartFolder, "values.yaml"));
        Assert.False(refused.Succeeded, refused.Output);
        Assert.Contains("/config/origins", refused.Error, StringComparison.Ordinal);
    }
}

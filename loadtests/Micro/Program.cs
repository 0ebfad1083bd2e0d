using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using S3Proxy.Micro;
using S3Proxy.Micro.Coordination;
using S3Proxy.Micro.Eviction;
using S3Proxy.Micro.Lookups;
using S3Proxy.Micro.Memory;

if (args is ["coordination", .. string[] rest])
{
    return CoordinationOptions.Parse(rest) is { } options ? (new CoordinationComparison(options).Run() ? 0 : 1) : 2;
}

if (args is ["lookups", .. string[] target])
{
    return await new LookupComparison().RunAsync(target.FirstOrDefault()) ? 0 : 1;
}

if (args is ["memory-overhead"])
{
    return await MemoryOverhead.RunAsync() ? 0 : 1;
}

if (args is ["eviction-replay", .. string[] output])
{
    return EvictionReplay.Run(output.FirstOrDefault()) ? 0 : 1;
}

// In this process: a generated project would be built under this repository's analyzers, which are not meant for it.
ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(RequestCoalescerBenchmarks).Assembly).Run(args, config);
return 0;

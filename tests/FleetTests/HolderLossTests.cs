using System.Globalization;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>The replica that fetches for all is lost in the middle of a body: requirements W1, W3, W6.</summary>
[Collection(Fleets.Name)]
public sealed class HolderLossTests(SharedFleets fleets, ITestOutputHelper output)
{
    private const int MiB = 1 << 20;
    private const int ObjectBytes = 8 * MiB;
    private const int HeldAt = (3 * MiB) + 5;

    [Theory]
    [InlineData(FleetKind.Push)]
    [InlineData(FleetKind.Poll)]
    [InlineData(FleetKind.Cluster)]
    public Task A_killed_holder_costs_the_clients_of_the_others_nothing(FleetKind kind) => LoseAsync(kind, $"killed-{kind}", holder => holder.KillAsync());

    /// <summary>A process that lives and does nothing: its lease in Redis ends, and its clients wait for it, not the others'.</summary>
    [Fact]
    public Task A_paused_holder_costs_the_clients_of_the_others_nothing() => LoseAsync(FleetKind.Push, "paused", holder =>
    {
        holder.Pause();
        return Task.CompletedTask;
    });

    private async Task LoseAsync(FleetKind kind, string key, Func<FleetReplica, Task> loseAsync)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        SyntheticContent content = bench.Origin.PutSynthetic(ReplicaFleet.Bucket, key, ObjectBytes, 5);
        OriginGate gate = new();
        bench.Origin.Faults.Add(RequestMatch.Get(key).Nth(1), new FaultEffects { HoldInBody = new BodyHold(gate, HeldAt) });
        FleetReplica holder = bench.Fleet.Replicas[0];
        Task<FleetRead> own = bench.Client.ReadAsync(holder.Endpoint, ReplicaFleet.Bucket, key, content);
        await gate.ArrivedAsync(1);
        TaskCompletionSource[] opened = [.. Enumerable.Range(0, 40).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Task<FleetRead>[] others = [.. opened.Select((mine, number) =>
            bench.Client.ReadAsync(bench.Fleet.Replicas[1 + (number % 2)].Endpoint, ReplicaFleet.Bucket, key, content, mine.SetResult))];
        await Task.WhenAll(opened.Select(mine => mine.Task));
        try
        {
            long lost = TimeProvider.System.GetTimestamp();
            await loseAsync(holder);
            FleetRead[] reads = await Task.WhenAll(others);
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(lost);
            gate.Release();
            holder.Resume();
            bool isKilled = holder.HasEnded;
            FleetRead lostRead = await own;
            long bytes = (await bench.SettledTrafficAsync()).BodyBytesSent;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{reads.Length} clients of other replicas ended {elapsed.TotalSeconds:f1} s after the loss; {bench.Origin.Traffic.GetCount} GETs, {(double)bytes / ObjectBytes:f2} of the object; {string.Join("; ", bench.Origin.Traffic.Requests)}"));
            bench.AssertAllRight(reads);
            Assert.False(lostRead.IsWrong, lostRead.ToString());
            Assert.Equal(isKilled, lostRead.Failure is not null);
            Assert.True(bytes <= 2 * ObjectBytes, string.Join('\n', bench.Origin.Traffic.Requests));
        }
        finally
        {
            gate.Release();
            holder.Resume();
            if (holder.HasEnded)
            {
                await bench.Fleet.RestartAsync(0);
            }
        }
    }
}

using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>A scenario that cannot be measured yet, so that the tables say so.</summary>
/// <param name="name">A word.</param>
/// <param name="description">What would be measured.</param>
/// <param name="reason">What is missing.</param>
internal sealed class NotYet(string name, string description, string reason) : IPeerScenario
{
    public string Name => name;

    public string Description => description;

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public IReadOnlyList<string> Cells => [];

    public string? SkipReason => reason;

    public Task RunAsync(Room room, CancellationToken cancellationToken) => Task.CompletedTask;
}

using System.Collections.Concurrent;
using S3Proxy.Fetching;
using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>A fetch belongs to the client that leads it: when that client leaves, the fetch of everyone ends (Pingora #931, tag #63).</summary>
internal class LeaderBoundFetch : PlantedBug
{
    private readonly ConcurrentDictionary<string, CancellationToken> _clients = new();

    public override void OnJoined(ModelReader reader, ModelWorld world) => _clients[reader.Name] = reader.Left;

    public override IOriginReader Wrap(IOriginReader origin, ModelWorld world) => new BoundOrigin(this, origin);

    /// <summary>What happens to a fetch whose client has left.</summary>
    protected virtual Task OnLeaderLeftAsync(CancellationToken deserted) => throw new OperationCanceledException("The client that leads this fetch has left.");

    private sealed class BoundOrigin(LeaderBoundFetch bug, IOriginReader origin) : IOriginReader
    {
        public void ReportBroken(OriginAnswer answer) => origin.ReportBroken(answer);

        public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
        {
            CancellationToken left = bug._clients[read.Requester.Client];
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, left);
            try
            {
                return await origin.SendAsync(read, either.Token);
            }
            catch (OperationCanceledException) when (left.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                await bug.OnLeaderLeftAsync(cancellationToken);
                throw;
            }
        }
    }
}

using S3Proxy.Fetching;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>Metadata is published without a look at the epoch: a read that raced a write puts the old version back (tag #97, #106).</summary>
internal sealed class StalePublish : PlantedBug
{
    public override IOriginReader Wrap(IOriginReader origin, ModelWorld world) => new PublishingOrigin(origin, world);

    private sealed class PublishingOrigin(IOriginReader origin, ModelWorld world) : IOriginReader
    {
        public void ReportBroken(OriginAnswer answer) => origin.ReportBroken(answer);

        public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
        {
            long askedAt = world.Time.GetTimestamp();
            OriginAnswer answer = await origin.SendAsync(read, cancellationToken);
            if (read.IfMatch is null && answer.Status is 200 or 206 && TryExtent(answer) is { } extent)
            {
                world.Memory.PutMetadata(MetadataReader.Read(read.Target.Id, answer, extent, askedAt, world.Time.GetUtcNow()));
            }

            return answer;
        }

        private static AnswerExtent? TryExtent(OriginAnswer answer)
        {
            try
            {
                return AnswerCheck.Extent(answer, out _);
            }
            catch (FetchException)
            {
                return null;
            }
        }
    }
}

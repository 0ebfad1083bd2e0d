using S3Proxy.Caching;
using S3Proxy.Coalescing;

namespace S3Proxy.Fetching;

/// <summary>
/// The fetch of an object's flight: one origin request that tells the metadata and opens the first run, or confirms what is known
/// (requirements F2, C5).
/// </summary>
internal sealed class ObjectFetch(FetchServices services, FlightTables tables, ObjectTarget target, Requester requester, FetchPlan plan, ObjectMetadata? stale, string? endpoint)
{
    private const int MaxAttempts = 3;

    /// <summary>Runs as the fetch of <paramref name="flight"/> and gives it its outcome.</summary>
    public async Task RunAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, CancellationToken deserted)
    {
        long epoch = services.Epochs.Current(target.Id);
        long askedAt = services.TimeProvider.GetTimestamp();
        OriginRead read = new()
        {
            Target = target,
            Requester = requester,
            Method = plan.HeadersOnly ? HttpMethod.Head : HttpMethod.Get,
            Range = plan.Range,
            IfNoneMatch = stale?.Version.ETag,
            Endpoint = endpoint,
        };
        OriginRead headers = read with { IfNoneMatch = null, Method = HttpMethod.Head, Range = null };
        bool headersOnly = plan.HeadersOnly;
        OriginAnswer? answer = null;
        try
        {
            answer = await SendAsync(read, deserted);
            if (answer.Status == 304 && stale is not null)
            {
                if (MetadataReader.Renew(stale, answer, target.Bucket.Cache, askedAt, services.TimeProvider) is { } renewed)
                {
                    Finish(flight, renewed, epoch, revalidated: true, run: null);
                    return;
                }

                // Same bytes perhaps, but other headers: only a full answer tells them.
                headersOnly = true;
                answer = await ReplaceAsync(answer, headers, deserted);
            }
            else if (answer.Status == 416)
            {
                // Beyond the end, or the object is empty; a 416 tells nothing about it.
                headersOnly = true;
                answer = await ReplaceAsync(answer, headers, deserted);
            }

            if (answer.Status is not (200 or 206))
            {
                await RefuseAsync(flight, answer, askedAt, deserted);
                return;
            }

            Accept(flight, ref answer, headersOnly, epoch, askedAt);
        }
        catch (FetchException failure)
        {
            Log.FetchFailed(services.Logger, target.Id, failure);
            flight.End(FlightState.Failed, services.Options.ErrorLinger, failure);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    private async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await services.Origin.SendAsync(read, cancellationToken);
            }
            catch (FetchException failure) when (failure.Failure is FetchFailure.Unreachable or FetchFailure.Broken && attempt < MaxAttempts)
            {
                await Task.Delay(services.Options.ResumePause * attempt, services.TimeProvider, cancellationToken);
            }
        }
    }

    private Task<OriginAnswer> ReplaceAsync(OriginAnswer answer, OriginRead read, CancellationToken cancellationToken)
    {
        answer.Dispose();
        return SendAsync(read, cancellationToken);
    }

    private void Accept(Flight<ObjectFlightKey, ObjectAnswer> flight, ref OriginAnswer? answer, bool headersOnly, long epoch, long askedAt)
    {
        AnswerExtent? checkedExtent = AnswerCheck.Extent(answer!, out NotShareableReason reason);
        if (checkedExtent is not { } extent)
        {
            flight.Complete(new ObjectAnswer.NotShareable(reason));
            return;
        }

        ObjectMetadata metadata = MetadataReader.Read(target.Id, answer!, extent, target.Bucket.Cache, askedAt, services.TimeProvider);
        if (stale is not null && stale.Version.Equals(metadata.Version))
        {
            // Slices are found by value anyway; one instance makes that cheap.
            metadata = metadata with { Version = stale.Version };
        }

        Run? run = null;
        if (extent.Length > 0 && !headersOnly && WholeSlices(extent) is var (first, last) && first <= last)
        {
            OriginAnswer transfer = answer!;
            answer = null;
            run = Run.StartSponsored(services, target, metadata.Version, tables, requester, first, last, (transfer, extent.First), flight);
        }

        Finish(flight, metadata, epoch, revalidated: false, run);
    }

    /// <summary>The slices an answer carries whole.</summary>
    private (int First, int Last) WholeSlices(AnswerExtent extent)
    {
        SliceGeometry geometry = services.Geometry;
        int first = geometry.IndexOf(extent.First + geometry.SliceBytes - 1);
        long end = extent.First + extent.Length;
        int last = end == extent.SizeBytes ? geometry.LastOf(extent.SizeBytes) : geometry.IndexOf(end) - 1;
        return (first, last);
    }

    private void Finish(Flight<ObjectFlightKey, ObjectAnswer> flight, ObjectMetadata metadata, long epoch, bool revalidated, Run? run)
    {
        services.Epochs.TryCommit(metadata, epoch);
        flight.Complete(new ObjectAnswer.Found(metadata, revalidated, run));
    }

    private async Task RefuseAsync(Flight<ObjectFlightKey, ObjectAnswer> flight, OriginAnswer answer, long askedAt, CancellationToken cancellationToken)
    {
        // Whether or not it was what this fetch asked about: nobody may be told of the object after somebody was told that it is gone.
        if (answer.Status is 404 or 410 && services.Memory.FindMetadata(target.Id) is { } known && known.AskedAt <= askedAt)
        {
            services.Epochs.Forget(known.Version);
        }

        byte[]? body = await ReadErrorAsync(answer, cancellationToken);
        if (body is null)
        {
            flight.Complete(new ObjectAnswer.NotShareable(NotShareableReason.LargeError));
            return;
        }

        TimeSpan linger = answer.Status switch
        {
            404 => target.Bucket.Cache.NegativeTtl,
            >= 500 => services.Options.ErrorLinger,
            _ => TimeSpan.Zero,
        };
        flight.Complete(new ObjectAnswer.Refused(answer.Status, MetadataReader.EndToEnd(answer), body), linger);
    }

    /// <summary>The body of an error, or null when it is too large to be shared.</summary>
    private async Task<byte[]?> ReadErrorAsync(OriginAnswer answer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(services.Options.NoProgressLimit, services.TimeProvider);
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        byte[] buffer = new byte[services.Options.MaxSharedErrorBytes + 1];
        int length = 0;
        try
        {
            int read;
            while (length < buffer.Length && (read = await answer.Body.ReadAsync(buffer.AsMemory(length), bounded.Token)) > 0)
            {
                length += read;
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            services.Origin.ReportBroken(answer);
            throw new FetchException(FetchFailure.Broken, $"The origin's answer {answer.Status} for {target.Id} broke off.", error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException(FetchFailure.TimedOut, $"The origin's answer {answer.Status} for {target.Id} did not come to its end.");
        }

        return length < buffer.Length ? buffer[..length] : null;
    }
}

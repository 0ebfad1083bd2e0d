using System.Buffers;
using System.Globalization;
using System.Net;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol.Checksums;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Commands.Bench;

/// <summary>Reads objects over and over with several readers at once, and checks every body: its length by what was announced, its bytes by those of the other reads.</summary>
/// <param name="plan">What to read.</param>
/// <param name="time">The only clock used.</param>
internal sealed class BenchRun(BenchPlan plan, TimeProvider time) : IDisposable
{
    /// <summary>A server that cannot be reached is not asked without a breath.</summary>
    private static readonly TimeSpan PauseWhenLost = TimeSpan.FromMilliseconds(50);

    private const int BufferBytes = 128 << 10;
    private const string NoAnswer = "no connection: ";

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = int.MaxValue,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly OriginRequestSigner _signer = new();
    private readonly BodyBook _book = new();
    private long _taken;

    public void Dispose() => _http.Dispose();

    /// <summary>Runs until the plan is done or <paramref name="cancellationToken"/> asks for the end; reads that were cut off by it are not counted.</summary>
    public async Task<BenchResult> RunAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        BenchTally[] tallies = await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(_ => Task.Run(() => ReadOnAsync(began, cancellationToken), CancellationToken.None)));
        TimeSpan elapsed = time.GetElapsedTime(began);
        BenchTally sum = new();
        foreach (BenchTally tally in tallies)
        {
            sum.Add(tally);
        }

        return new BenchResult(plan, sum, elapsed, HasReached: sum.Succeeded > 0 || sum.Failures.Keys.Any(reason => !reason.StartsWith(NoAnswer, StringComparison.Ordinal)));
    }

    private async Task<BenchTally> ReadOnAsync(long began, CancellationToken cancellationToken)
    {
        BenchTally tally = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (!cancellationToken.IsCancellationRequested && time.GetElapsedTime(began) < plan.Duration)
            {
                long number = Interlocked.Increment(ref _taken) - 1;
                if (number >= plan.Requests)
                {
                    break;
                }

                await ReadAsync(plan.Targets[(int)(number % plan.Targets.Count)], tally, buffer, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was read until now is told.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return tally;
    }

    private async Task ReadAsync(BenchTarget target, BenchTally tally, byte[] buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(plan.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await MeasureAsync(target, tally, buffer, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Fail(string.Create(CultureInfo.InvariantCulture, $"not done within {plan.Timeout.TotalSeconds} s"));
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            tally.Fail(NoAnswer + failure.Message);
            await Task.Delay(PauseWhenLost, time, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            tally.Fail($"bad answer: {failure.HttpRequestError}");
        }
        catch (HttpIOException failure)
        {
            tally.Fail($"body broken off: {failure.HttpRequestError}");
        }
        catch (IOException)
        {
            tally.Fail("body broken off");
        }
    }

    private async Task MeasureAsync(BenchTarget target, BenchTally tally, byte[] buffer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, target.Uri);
        if (plan.Credentials is { } credentials && !target.IsPresigned)
        {
            _signer.Sign(request, BenchTarget.PlaceOf(target.Uri, plan.Region), credentials, SigV4Signature.EmptyPayloadSha256, time.GetUtcNow());
        }

        long began = time.GetTimestamp();
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        TimeSpan firstByte = time.GetElapsedTime(began);
        (long bytes, uint checksum) = await ReadBodyAsync(response, tally, buffer, cancellationToken);
        TimeSpan whole = time.GetElapsedTime(began);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            tally.Fail($"status {(int)response.StatusCode}");
        }
        else if (response.Content.Headers.ContentLength is { } announced && announced != bytes)
        {
            tally.Fail("body not as long as announced");
        }
        else if (!_book.IsSame(target, response.Headers.ETag?.ToString(), bytes, checksum))
        {
            tally.Fail("body differs from an earlier one with the same ETag");
        }
        else
        {
            tally.Succeed(firstByte, whole, response.Headers.TryGetValues("x-cache", out IEnumerable<string>? outcome) ? outcome.First() : "-");
        }
    }

    private static async Task<(long Bytes, uint Checksum)> ReadBodyAsync(HttpResponseMessage response, BenchTally tally, byte[] buffer, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        uint checksum = Crc32C.Start;
        long bytes = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            checksum = Crc32C.Append(checksum, buffer.AsSpan(0, read));
            bytes += read;
            tally.AddBytes(read);
        }

        return (bytes, Crc32C.Finish(checksum));
    }
}

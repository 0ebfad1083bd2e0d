using System.Buffers;
using System.Globalization;
using System.Net;
using System.Xml;
using System.Xml.Linq;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.SoakTests.Checking;

/// <summary>
/// Judges the answer to one read of one object: a clean end means every byte wanted, of exactly one version that the read may see, under that version's
/// headers; whatever else happens is of an expected kind. Independent of time. Used by one read at a time.
/// </summary>
/// <param name="ledger">What was written.</param>
/// <param name="floor">The oldest version allowed, taken before the read was sent.</param>
/// <param name="read">What was asked.</param>
internal sealed class AnswerChecker(ObjectLedger ledger, int floor, SoakRead read)
{
    private const int PieceBytes = 32 * 1024;

    /// <summary>Reads the answer to its end and judges it.</summary>
    public async Task<AnswerVerdict> CheckAsync(HttpResponseMessage response, IBodyPace? pace = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        try
        {
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.PartialContent => await CheckBodyAsync(response, pace),
                HttpStatusCode.NotModified => CheckNotModified(response),
                HttpStatusCode.PreconditionFailed => CheckPreconditionFailed(),
                HttpStatusCode.RequestedRangeNotSatisfiable => CheckRangeRefused(response),
                HttpStatusCode.NotFound => await CheckMissingAsync(response),
                HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable => await CheckRefusedAsync(response),
                _ => new AnswerVerdict(ReadOutcome.Refused, 0, $"status {(int)response.StatusCode} is none that may be"),
            };
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            // Within the body of an error: nobody takes it for the object.
            return new AnswerVerdict(ReadOutcome.BrokenOff, 0);
        }
    }

    private async Task<AnswerVerdict> CheckBodyAsync(HttpResponseMessage response, IBodyPace? pace)
    {
        if (VersionOf(response, out string? violation) is not { } version)
        {
            return new AnswerVerdict(ReadOutcome.Whole, 0, violation);
        }

        (long Offset, long Length)? wanted = read.Range is null ? (0, version.LengthBytes) : read.Range.Within(version.LengthBytes);
        if (wanted is not { } extent)
        {
            return new AnswerVerdict(ReadOutcome.Whole, 0, $"a body for a range behind the end of version {version.Number}");
        }

        violation = ContradictionOf(response, version, extent);
        if (violation is not null || read.HeadersOnly)
        {
            return new AnswerVerdict(ReadOutcome.Whole, 0, violation);
        }

        ledger.Settle(version);
        IntegrityStream sink = new(version.Content(), extent.Offset, extent.Length);
        ReadOutcome outcome = await DrainAsync(response, sink, pace);
        BodyCheckResult result = sink.Result;
        bool isRight = outcome == ReadOutcome.Whole ? result.IsExact : result.IsPrefix;
        return new AnswerVerdict(outcome, result.BytesSeen, isRight ? null : $"version {version.Number}, {outcome}: {result}");
    }

    /// <summary>The one version that the ETag names; null with a violation when there is none or it is too old.</summary>
    private WrittenVersion? VersionOf(HttpResponseMessage response, out string? violation)
    {
        violation = null;
        string? etag = response.Headers.ETag?.Tag;
        if (etag is null || !ledger.TryFind(etag, out WrittenVersion? version))
        {
            violation = $"ETag {etag ?? "absent"} belongs to no version written";
            return null;
        }

        if (version.Number < floor)
        {
            violation = $"version {version.Number} was served after version {floor} was acknowledged or seen";
            return null;
        }

        if (etag == read.IfNoneMatch && response.Headers.ETag is { IsWeak: false })
        {
            violation = "the body was sent although If-None-Match names its version";
        }
        else if (read.IfMatch is { } required && required != etag)
        {
            violation = $"version {version.Number} was sent although If-Match names another";
        }

        return violation is null ? version : null;
    }

    private string? ContradictionOf(HttpResponseMessage response, WrittenVersion version, (long Offset, long Length) extent)
    {
        bool isPartial = response.StatusCode == HttpStatusCode.PartialContent;
        if (isPartial != (read.Range is not null))
        {
            return $"status {(int)response.StatusCode} does not answer {read}";
        }

        // Without a length the end of the chunks is the end; the count of bytes is checked all the same.
        if (response.Content.Headers.ContentLength is { } length && length != extent.Length)
        {
            return $"Content-Length {length}, but version {version.Number} has {extent.Length} bytes there";
        }

        string? contentRange = response.Content.Headers.ContentRange?.ToString();
        string? expected = isPartial ? WantedRange.ContentRange(extent.Offset, extent.Length, version.LengthBytes) : null;
        return contentRange == expected ? null : $"Content-Range {contentRange ?? "absent"}, expected {expected ?? "none"} of version {version.Number}";
    }

    private async Task<ReadOutcome> DrainAsync(HttpResponseMessage response, IntegrityStream sink, IBodyPace? pace)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync();
            int count;
            while ((count = await body.ReadAsync(buffer.AsMemory(0, PieceBytes))) > 0)
            {
                sink.Write(buffer.AsSpan(0, count));
                if (sink.BytesSeen >= read.LeaveAfterBytes)
                {
                    return ReadOutcome.Left;
                }

                await (pace?.NextPieceAsync() ?? Task.CompletedTask);
            }

            return ReadOutcome.Whole;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return ReadOutcome.BrokenOff;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private AnswerVerdict CheckNotModified(HttpResponseMessage response)
    {
        string? etag = response.Headers.ETag?.Tag;
        string? violation = null;
        if (read.IfNoneMatch is not { } named || !ledger.TryFind(named, out WrittenVersion? version))
        {
            violation = "304 to a read that named no version";
        }
        else if (version.Number < floor)
        {
            violation = $"304 for version {version.Number} after version {floor} was acknowledged or seen";
        }
        else if (etag is not null && etag != named)
        {
            violation = $"304 with ETag {etag} where {named} was named";
        }

        return new AnswerVerdict(ReadOutcome.NotModified, 0, violation);
    }

    private AnswerVerdict CheckPreconditionFailed()
    {
        bool isPossible = read.IfMatch is { } named && ledger.FirstFrom(floor, version => version.ETag != named) is not null;
        return new AnswerVerdict(ReadOutcome.PreconditionFailed, 0, isPossible ? null : "412 although no version allowed contradicts If-Match");
    }

    private AnswerVerdict CheckRangeRefused(HttpResponseMessage response)
    {
        long? total = response.Content.Headers.ContentRange?.Length;
        bool isPossible = read.Range is { } range
            && ledger.FirstFrom(floor, version => (total is null || version.LengthBytes == total) && range.Within(version.LengthBytes) is null) is not null;
        return new AnswerVerdict(ReadOutcome.RangeRefused, 0, isPossible ? null : $"416 although {read.Range?.Header ?? "no range"} is within every version allowed");
    }

    private async Task<AnswerVerdict> CheckMissingAsync(HttpResponseMessage response)
    {
        string? violation = null;
        if (ledger.FirstFrom(floor, version => version.IsAbsence) is { } absence)
        {
            ledger.Settle(absence);
            violation = await ErrorViolationAsync(response, "NoSuchKey");
        }
        else
        {
            violation = string.Create(CultureInfo.InvariantCulture, $"404, but the object was there from version {floor} on");
        }

        return new AnswerVerdict(ReadOutcome.Missing, 0, violation);
    }

    private async Task<AnswerVerdict> CheckRefusedAsync(HttpResponseMessage response) =>
        new(ReadOutcome.Refused, 0, await ErrorViolationAsync(response, "InternalError", "ServiceUnavailable", "SlowDown"));

    /// <summary>Null when the body is an S3 error with one of <paramref name="codes"/>; requirement S9.</summary>
    private async Task<string?> ErrorViolationAsync(HttpResponseMessage response, params string[] codes)
    {
        string body = await response.Content.ReadAsStringAsync();
        if (read.HeadersOnly)
        {
            return body.Length == 0 ? null : "a HEAD was answered with a body";
        }

        try
        {
            string? code = XDocument.Parse(body).Root?.Element("Code")?.Value;
            return codes.Contains(code, StringComparer.Ordinal) ? null : $"status {(int)response.StatusCode} with code {code ?? "absent"}";
        }
        catch (XmlException)
        {
            return $"status {(int)response.StatusCode} without an S3 error: '{body}'";
        }
    }
}

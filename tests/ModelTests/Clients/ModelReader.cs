using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Origin;
using S3Proxy.ModelTests.Scheduling;
using S3Proxy.Protocol;
using S3Proxy.Responding;

namespace S3Proxy.ModelTests.Clients;

/// <summary>
/// One client's read through the product's own responder. It knows every version the origin ever had, and so checks status, headers and each byte as they
/// come, and the end when it comes.
/// </summary>
internal sealed class ModelReader : IDisposable
{
    private readonly ViolationLog _violations;
    private readonly ClientBody _body;
    private readonly ModelExchange _exchange;
    private readonly CancellationTokenSource _leaves = new();
    private volatile bool _isDone;
    private OriginVersion? _version;
    private int _position;
    private int _end;

    /// <param name="number">Names the client.</param>
    /// <param name="spec">What it asks for.</param>
    /// <param name="known">The object it asks for.</param>
    /// <param name="floor">Number of the least version it may be told of.</param>
    /// <param name="generation">The object's generation as the read begins.</param>
    /// <param name="violations">Where it complains.</param>
    /// <param name="random">Decides where its writes take a step.</param>
    /// <param name="wrap">Puts something between the product and the client, as planted bugs do.</param>
    public ModelReader(int number, ReadSpec spec, OriginObject known, int floor, long generation, ViolationLog violations, ModelRandom random, Func<ModelReader, PipeWriter, PipeWriter> wrap)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"client {number}");
        Spec = spec;
        Known = known;
        Floor = floor;
        Generation = generation;
        _violations = violations;
        _body = new ClientBody(this, random);
        _exchange = new ModelExchange(this, wrap(this, _body), _leaves.Token);
    }

    public string Name { get; }

    public ReadSpec Spec { get; }

    public OriginObject Known { get; }

    public int Floor { get; }

    public long Generation { get; }

    public HttpContext Http => _exchange.Http;

    /// <summary>The client's own departure.</summary>
    public CancellationToken Left => _leaves.Token;

    /// <summary>True when the connection is cut, by either side.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True when a cut of the product's is not to reach the client: only a planted bug says so.</summary>
    public bool HidesCut { get; set; }

    /// <summary>True once the read has its outcome.</summary>
    public bool IsDone => _isDone;

    /// <summary>True when it was answered well, or its client has left.</summary>
    public bool IsContent { get; private set; }

    /// <summary>How it ended, for people.</summary>
    public string Outcome { get; private set; } = "waiting";

    public void Dispose() => _leaves.Dispose();

    /// <summary>The client goes away.</summary>
    public void Leave() => _leaves.Cancel();

    /// <summary>The client takes in more; everything when negative.</summary>
    public void Take(int writes) => _body.Permit(writes);

    /// <summary>Reads as the pipeline does: from memory, else through flights.</summary>
    public async Task RunAsync(ObjectResponder responder, ReadContext context)
    {
        try
        {
            bool answered = await responder.TryAnswerFromMemoryAsync(context) || await responder.TryAnswerAsync(context);
            End(answered);
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            (Outcome, IsContent) = ("left", true);
        }
#pragma warning disable CA1031 // Whatever comes out of the responder is a violation of its own.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _violations.Add(error is OperationCanceledException ? Invariant.Isolation : Invariant.OneOutcome, $"{this} got an exception: {error}");
            Outcome = error.GetType().Name;
        }

        _isDone = true;
    }

    public void OnCut()
    {
        if (!HidesCut)
        {
            IsCut = true;
        }
    }

    /// <summary>Status and headers have come.</summary>
    public void OnStarted(int status, IHeaderDictionary headers)
    {
        OriginVersion? version = null;
        if (headers[OriginVersion.IndexHeader] is [{ } index])
        {
            version = Known.Find(int.Parse(index, CultureInfo.InvariantCulture));
            if (version is null || version.Index < Floor)
            {
                _violations.Add(Invariant.NoStalePublish, $"{this} was told of version {index}, but {Floor} was there before it began.");
            }
        }

        if (status is not (200 or 206))
        {
            return;
        }

        // What may not be shared is passed on as the origin gave it: perhaps with a weak ETag or none, perhaps without a length.
        bool isPassedOn = headers["x-cache"] == "BYPASS";
        if (version is null || version.IsDeleted || !(headers.ETag == version.ETag || (isPassedOn && (headers.ETag.Count == 0 || headers.ETag == "W/" + version.ETag))))
        {
            _violations.Add(Invariant.OneVersion, $"{this} got {status} with {headers.ETag} for {version}.");
            return;
        }

        _version = version;
        (int first, int end) = Wanted(version, status);
        string? told = status == 206 ? headers.ContentRange.ToString() : null;
        string? right = status == 206 ? string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{end - 1}/{version.Content.Length}") : null;
        if (told != right || (headers.ContentLength != end - first && !(isPassedOn && headers.ContentLength is null)))
        {
            _violations.Add(Invariant.OneVersion, $"{this} was told {told} and {headers.ContentLength} bytes, but {right} of {version} is right.");
        }

        (_position, _end) = (first, Spec.IsHead ? first : end);
    }

    /// <summary>Bytes have come.</summary>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        _exchange.EnsureStarted();
        if (_version is null)
        {
            return;
        }

        if (bytes.Length > _end - _position || !bytes.SequenceEqual(_version.Content.AsSpan(_position, bytes.Length)))
        {
            _violations.Add(Invariant.OneVersion, $"{this} got {bytes.Length} bytes at {_position} that are not those of {_version}.");
        }

        _position += bytes.Length;
    }

    public override string ToString() => $"{Name} ({Spec}; {Outcome})";

    private void End(bool answered)
    {
        if (!answered)
        {
            Outcome = "forwarded";
            if (_exchange.HasStarted)
            {
                _violations.Add(Invariant.OneOutcome, $"{this} is forwarded though its response has begun.");
            }

            return;
        }

        if (Left.IsCancellationRequested)
        {
            (Outcome, IsContent) = ("left", true);
            return;
        }

        if (IsCut)
        {
            Outcome = "cut";
            if (_version is not null && _position == _end && _exchange.Headers.ContentLength is not null)
            {
                _violations.Add(Invariant.CleanEnd, $"{this} was cut though it had everything.");
            }

            return;
        }

        _exchange.EnsureStarted();
        int status = _exchange.StatusCode;
        Outcome = status.ToString(CultureInfo.InvariantCulture);
        IsContent = status is 200 or 206 or 416;
        if (status == StatusCodes.Status499ClientClosedRequest)
        {
            _violations.Add(Invariant.Isolation, $"{this} was told that its client had left.");
        }

        if (_version is not null && _position != _end)
        {
            _violations.Add(Invariant.CleanEnd, $"{this} ended cleanly at byte {_position} instead of {_end} of {_version}.");
        }
    }

    private (int First, int End) Wanted(OriginVersion version, int status)
    {
        int size = version.Content.Length;
        if (status == 200 || Spec.Range is null)
        {
            return (0, size);
        }

        ByteRangeResolution resolved = ByteRangeSpec.Parse(Spec.Range)!.Value.Resolve(size);
        return ((int)resolved.FirstByte, (int)resolved.LastByte + 1);
    }
}

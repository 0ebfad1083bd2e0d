using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;
using S3Proxy.Transport;

namespace S3Proxy.Forwarding.Forms;

/// <summary>
/// A browser's upload whose fields have been read (requirement S6). Its file stands unread in the body of the request, which stays as it was sent until
/// <see cref="OpenAsync"/>. Used by one request.
/// </summary>
internal sealed class PostForm
{
    /// <summary>
    /// Up to this many bytes the rest of a form is waited for, so that its very end tells how long the file is. Longer forms are streamed and must end with a line end, as
    /// browsers send it.
    /// </summary>
    private const int MaxHeldBytes = 64 * 1024;

    private readonly FormBoundary _boundary;
    private readonly int _fileStart;
    private PostPolicy? _policy;

    private PostForm(S3Request request, FormFields fields, FormBoundary boundary, int fileStart)
    {
        Request = request;
        Fields = fields;
        _boundary = boundary;
        _fileStart = fileStart;
    }

    /// <summary>The request with the key that the form names.</summary>
    public S3Request Request { get; }

    public FormFields Fields { get; }

    public string BucketName => Request.Bucket!.Value.Value;

    public string KeyName => Request.Key!.Value.Value;

    /// <summary>Reads the fields and leaves the body as if nothing had been read. Exactly one of the two results is set.</summary>
    public static async Task<(PostForm? Form, S3Error? Error)> ReadAsync(HttpContext http, S3Request request)
    {
        if (http.Request.ContentLength is null)
        {
            return (null, FormErrors.NoLength);
        }

        if (FormBoundary.TryCreate(http.Request.ContentType ?? "") is not { } boundary)
        {
            return (null, FormErrors.Malformed("its Content-Type names no boundary that RFC 2046 allows"));
        }

        FormFieldReader reader = new(boundary);
        if (await ReadFieldsAsync(http.Request.BodyReader, reader, http.RequestAborted) is { } refusal)
        {
            return (null, refusal);
        }

        FormFields fields = new(reader.Fields, reader.FileName);
        string key = fields.Find(FormFields.Key) ?? "";
        if (key.Length == 0)
        {
            return (null, FormErrors.NoKey);
        }

        if (!ObjectKey.TryParse(key, out ObjectKey parsed))
        {
            return (null, new S3Error(S3ErrorCode.KeyTooLongError, $"Your key is too long: at most {ObjectKey.MaxBytes} bytes of UTF-8."));
        }

        if (fields.Find(FormFields.Bucket) is { } bucket && bucket != request.Bucket!.Value.Value)
        {
            return (null, FormErrors.BadField(FormFields.Bucket, "is not the bucket that the form was sent to"));
        }

        return (new PostForm(WithKey(request, parsed), fields, boundary, reader.FileStart), null);
    }

    /// <summary>Tells who signed the form's policy, and holds the form to it.</summary>
    public AuthenticationResult Authenticate(SigV4Authenticator authenticator, AuthConfiguration configuration, DateTimeOffset now)
    {
        if (configuration.Mode == AuthMode.Passthrough)
        {
            return AuthenticationResult.Of(Identity.JudgedByOrigin, default);
        }

        if (Fields.Find(FormFields.Policy) is not { } policy)
        {
            return AuthenticationResult.Refused(FormErrors.NoPolicy);
        }

        if (Fields.Find(S3Headers.SecurityToken) is not null)
        {
            return AuthenticationResult.Refused(AuthErrors.SessionToken);
        }

        PolicySignature signature = new(
            policy, Fields.Find("x-amz-algorithm"), Fields.Find("x-amz-credential"), Fields.Find(S3Headers.Date), Fields.Find(FormFields.Signature));
        AuthenticationResult caller = authenticator.AuthenticatePolicy(signature, configuration, now);
        if (!caller.IsAuthenticated)
        {
            return caller;
        }

        IEnumerable<KeyValuePair<string, string>> bucket = Fields.Find(FormFields.Bucket) is null ? [new(FormFields.Bucket, BucketName)] : [];
        S3Error? error = PostPolicy.TryParse(policy, out _policy, out S3Error? unreadable) ? _policy.Check([.. Fields.Items, .. bucket], now) : unreadable;
        return error is null ? caller : AuthenticationResult.Refused(error);
    }

    /// <summary>
    /// Puts the file in the place of the form: the request becomes a PUT of it. The caller disposes the body; it is null, with the reason, when the form cannot be stored.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The body owns its decoder.")]
    public async Task<(UploadBody? Body, S3Error? Error)> OpenAsync(HttpContext http)
    {
        PipeReader body = http.Request.BodyReader;
        ReadResult result = await body.ReadAsync(http.RequestAborted);
        body.AdvanceTo(result.Buffer.GetPosition(_fileStart));
        long restBytes = http.Request.ContentLength!.Value - _fileStart;
        (bool endsWithLineEnd, S3Error? error) = await FindEndAsync(body, restBytes, http.RequestAborted);
        long fileBytes = restBytes - _boundary.Closing.Length - (endsWithLineEnd ? 2 : 0);
        error ??= fileBytes < 0 ? FormErrors.Malformed("it ends before its closing boundary")
            : fileBytes > UploadBody.MaxObjectBytes ? FormErrors.TooLarge(fileBytes, UploadBody.MaxObjectBytes)
            : _policy?.CheckLength(fileBytes) ?? FormHeaders.Replace(http.Request.Headers, Fields, fileBytes);
        if (error is not null)
        {
            return (null, error);
        }

        http.Request.Method = HttpMethods.Put;
        return (UploadBody.Open(http, new FormFileDecoder(_boundary, fileBytes, endsWithLineEnd), fileBytes), null);
    }

    // The query does not count: what it might ask for is not what the policy allows.
    private static S3Request WithKey(S3Request request, ObjectKey key) => new()
    {
        Method = request.Method,
        Operation = request.Operation,
        Bucket = request.Bucket,
        Key = key,
        Query = S3Query.Empty,
        RawTarget = request.RawTarget,
        RawPath = request.RawPath,
        IsHostStyle = request.IsHostStyle,
        Resource = request.Resource,
    };

    private static async Task<S3Error?> ReadFieldsAsync(PipeReader body, FormFieldReader fields, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryReadOnAsync(body, cancellationToken) is not { Buffer: var seen } result)
            {
                return UploadErrors.Incomplete("the client broke off");
            }

            fields.Read(Linear(seen.Slice(0, Math.Min(seen.Length, FormFieldReader.MaxBytes + 1))).Span);
            body.AdvanceTo(seen.Start, fields.IsReading ? seen.End : seen.Start);
            if (!fields.IsReading)
            {
                return fields.Refusal;
            }

            if (result.IsCompleted)
            {
                return UploadErrors.Incomplete("the form ended before its file");
            }
        }
    }

    /// <summary>Waits for the end of a short form, and tells whether a line end follows its closing boundary. Nothing is consumed.</summary>
    private static async Task<(bool EndsWithLineEnd, S3Error? Error)> FindEndAsync(PipeReader body, long restBytes, CancellationToken cancellationToken)
    {
        if (restBytes is < 2 or > MaxHeldBytes)
        {
            return (true, null);
        }

        while (true)
        {
            if (await TryReadOnAsync(body, cancellationToken) is not { Buffer: var rest } result)
            {
                return (true, UploadErrors.Incomplete("the client broke off"));
            }

            if (rest.Length >= restBytes)
            {
                bool endsWithLineEnd = Linear(rest.Slice(restBytes - 2, 2)).Span.SequenceEqual("\r\n"u8);
                body.AdvanceTo(rest.Start);
                return (endsWithLineEnd, null);
            }

            body.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                return (true, UploadErrors.Incomplete("the form ended before its declared length"));
            }
        }
    }

    /// <summary>Null when the client has broken off, or is too slow for the server.</summary>
    private static async ValueTask<ReadResult?> TryReadOnAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            ReadResult result = await body.ReadAsync(cancellationToken);
            await PoolThread.Switch();
            return result.IsCanceled ? throw new OperationCanceledException() : result;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Linear(in ReadOnlySequence<byte> bytes) => bytes.IsSingleSegment ? bytes.First : bytes.ToArray();
}

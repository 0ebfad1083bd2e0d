using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// The body of a request that must be decoded, or held to what the client signed, on its way to the origin (requirement S7). Stands in the place of the request's
/// own body while it is forwarded. Used by one request, which disposes it when the forwarding is over.
/// </summary>
internal sealed class UploadBody : IDisposable
{
    /// <summary>Largest object of one request, in bytes (S3 User Guide, "Uploading objects").</summary>
    public const long MaxObjectBytes = 5L * 1024 * 1024 * 1024;

    private readonly VerifiedBodyStream _stream;
    private readonly bool _isEmpty;

    private UploadBody(VerifiedBodyStream stream, TrailerChecksum? checksum, bool isEmpty)
    {
        _stream = stream;
        _isEmpty = isEmpty;
        Checksum = checksum;
    }

    /// <summary>Why the body was refused while it was forwarded; null while nothing is wrong.</summary>
    public S3Error? Refusal => _stream.Refusal;

    /// <summary>The checksum the client announced for its trailer; null for none.</summary>
    public TrailerChecksum? Checksum { get; }

    /// <summary>
    /// Puts the decoded body in the place of the request's body and makes the headers tell of it. False, with the reason, when the headers alone rule it out.
    /// <paramref name="body"/> is null for a request that needs none of it.
    /// </summary>
    public static bool TryOpen(HttpContext http, ProxyRequest request, out UploadBody? body, out S3Error? error)
    {
        body = null;
        error = null;
        if (request.Identity.IsJudgedByOrigin)
        {
            // The origin gets what the client signed, in the form in which it was signed, and verifies it.
            error = request.S3.Operation == S3Operation.DeleteObjects && IsDeclaredChunked(http.Request.Headers) ? UploadErrors.ChunkedListOfKeys : null;
            return error is null;
        }

        PayloadDeclaration payload = request.Payload;
        bool hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        bool mayWrite = HttpMethods.IsPut(http.Request.Method) || HttpMethods.IsPost(http.Request.Method);
        if (payload.Kind == PayloadKind.SignedHash)
        {
            UploadHeaders.RemoveChunkedCoding(http.Request.Headers);
            error = !hasBody && mayWrite && !IsHashOfNothing(payload) ? UploadErrors.Sha256Mismatch : null;

            // What DeleteObjects carries is checked by its reader, with all other checksums.
            body = hasBody && request.S3.Operation != S3Operation.DeleteObjects ? OpenPlain(http, payload) : null;
            return error is null;
        }

        if (!payload.IsStreaming && !payload.HasChunkedEncoding)
        {
            return true;
        }

        if (!hasBody && !(payload.IsStreaming && mayWrite))
        {
            UploadHeaders.RemoveChunkedCoding(http.Request.Headers);
            return true;
        }

        return TryOpenChunked(http, request, out body, out error);
    }

    /// <summary>
    /// Verifies the body of an empty object, of which no byte can be withheld, before anything is sent. The refusal, or null; also null for objects that are not empty.
    /// </summary>
    public async ValueTask<S3Error?> VerifyIfEmptyAsync(CancellationToken cancellationToken)
    {
        if (!_isEmpty)
        {
            return null;
        }

        try
        {
            int read = await _stream.ReadAsync(new byte[1], cancellationToken);
            return read == 0 ? null : throw new InvalidOperationException("An empty body held a byte.");
        }
        catch (UploadRefusedException refused)
        {
            return refused.Error;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        Checksum?.Dispose();
    }

    private static bool IsDeclaredChunked(IHeaderDictionary headers) =>
        PayloadDeclaration.TryParse(headers, out PayloadDeclaration declared, out _) && (declared.IsStreaming || declared.HasChunkedEncoding);

    private static bool IsHashOfNothing(in PayloadDeclaration payload) =>
        SigV4Signature.EmptyPayloadSha256.Equals(payload.Sha256Hex, StringComparison.OrdinalIgnoreCase);

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns its decoder, and the body its stream.")]
    private static UploadBody OpenPlain(HttpContext http, in PayloadDeclaration payload)
    {
        VerifiedBodyStream stream = new(http.Request.BodyReader, new PlainDecoder(payload.Sha256Hex!));
        http.Request.Body = stream;
        return new UploadBody(stream, checksum: null, isEmpty: http.Request.ContentLength == 0);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns its decoder, and the body its stream and its checksum.")]
    private static bool TryOpenChunked(HttpContext http, ProxyRequest request, out UploadBody? body, out S3Error? error)
    {
        body = null;
        if (!UploadHeaders.TryReadDecodedLength(http.Request.Headers, out long decodedBytes, out error)
            || !UploadHeaders.TryReadTrailer(http.Request.Headers, request.Payload.Kind, out TrailerChecksum? checksum, out error))
        {
            return false;
        }

        VerifiedBodyStream stream = new(http.Request.BodyReader, new ChunkedDecoder(decodedBytes, SignaturesOf(request), checksum));
        body = new UploadBody(stream, checksum, decodedBytes == 0);
        if (checksum is not null && ForwardsTrailer(request))
        {
            http.Request.Body = new TrailerEncodingStream(stream, decodedBytes, checksum);
            UploadHeaders.SetEncoded(http.Request.Headers, decodedBytes, checksum);
        }
        else
        {
            http.Request.Body = stream;
            UploadHeaders.SetPlain(http.Request.Headers, decodedBytes);
        }

        return true;
    }

    /// <summary>Null for chunks that are not signed, and for clients that need not sign at all.</summary>
    private static ChunkSignatureChain? SignaturesOf(ProxyRequest request)
    {
        if (request.Payload.Kind is not (PayloadKind.StreamingSigned or PayloadKind.StreamingSignedTrailer) || request.Identity.IsAnonymous)
        {
            return null;
        }

        return new ChunkSignatureChain(request.ChunkSigning ?? throw new InvalidOperationException("Signed chunks of a known client came without what verifies them."));
    }

    private static bool ForwardsTrailer(ProxyRequest request) =>
        request.Origin.UploadTrailers == UploadTrailers.Forward
        && request.Origin.Credentials.Source != OriginCredentialsSource.Anonymous
        && request.S3.Operation is S3Operation.PutObject or S3Operation.UploadPart;
}

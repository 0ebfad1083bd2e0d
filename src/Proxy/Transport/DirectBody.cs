using Microsoft.AspNetCore.Connections.Features;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Transport;

/// <summary>The body of a response whose bytes can go from memory to the client's socket at once.</summary>
internal readonly struct DirectBody
{
    private readonly HttpResponse _response;
    private readonly IPageOutput _output;

    private DirectBody(HttpResponse response, IPageOutput output)
    {
        _response = response;
        _output = output;
    }

    /// <summary>
    /// The body of this response, which has a length of <paramref name="bytes"/>; null where it is copied: when it is small, or the connection cannot take it or has
    /// something between it and the response (TLS, HTTP/2).
    /// </summary>
    public static DirectBody? Of(HttpContext http, long bytes) =>
        bytes >= DirectPipeWriter.MinBytes && HttpProtocol.IsHttp11(http.Request.Protocol)
            && http.Features.Get<IPageOutput>() is { } output && http.Features.Get<ITlsHandshakeFeature>() is null
                ? new DirectBody(http.Response, output)
                : null;

    /// <summary>
    /// Sends what the client's socket takes of <paramref name="pieces"/> now, after the headers if they are still here. Returns how many went; 0 when the socket
    /// is full and less than 0 when it is not to be asked: they have to be written in the ordinary way.
    /// </summary>
    /// <param name="pieces">As for <see cref="IPageOutput.TrySend"/>.</param>
    /// <param name="moreFollows">As for <see cref="IPageOutput.TrySend"/>.</param>
    public ValueTask<int> TrySendAsync(in BytePieces pieces, bool moreFollows) =>
        !_output.CanSend(pieces.Bytes) ? new(-1) : _response.HasStarted ? new(_output.TrySend(_response.BodyWriter, pieces, moreFollows)) : StartAndSendAsync(pieces, moreFollows);

    /// <summary>As for <see cref="IPageOutput.NextTurn"/>.</summary>
    public LoopTurn NextTurn() => _output.NextTurn();

    private async ValueTask<int> StartAndSendAsync(BytePieces pieces, bool moreFollows)
    {
        // Puts the headers before the first page, and sends nothing yet.
        await _response.StartAsync(_response.HttpContext.RequestAborted);
        return _output.TrySend(_response.BodyWriter, pieces, moreFollows);
    }
}

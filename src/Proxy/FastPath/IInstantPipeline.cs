using S3Proxy.Coalescing;

namespace S3Proxy.FastPath;

/// <summary>The stages of a request, for what can be answered at once.</summary>
internal interface IInstantPipeline
{
    /// <summary>False while no request can be answered at once, whatever it asks for: everybody is limited, or followed.</summary>
    bool MayAnswer { get; }

    /// <summary>
    /// Takes a request through the stages, and writes the headers of its answer if that is in memory as a whole. False otherwise: nothing is written, counted or taken then that is not written, counted or taken
    /// anew when the request takes the whole way.
    /// </summary>
    /// <param name="http">The request, a GET or HEAD, and its answer.</param>
    /// <param name="body">Gets to the bytes of the answer, and holds them; on no body for an answer that has none.</param>
    /// <param name="answer">What <see cref="End"/> wants.</param>
    bool TryAnswer(HttpContext http, SharedBodyCursor body, out InstantAnswer answer);

    /// <summary>The answer has been handed to the client's connection.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answer">What <see cref="TryAnswer"/> gave.</param>
    /// <param name="sentBytes">How much of the body was handed over: all, or nothing when the connection had failed.</param>
    void End(HttpContext http, in InstantAnswer answer, int sentBytes);
}

using System.IO.Pipelines;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Transport;

/// <summary>
/// A client connection that takes bytes straight from the memory tier. A feature of the connection; used by whoever writes the
/// body of its current response.
/// </summary>
internal interface IPageOutput
{
    /// <summary>Awaiting it lets others have their turn: on the thread that hears the client's socket for who is there, else on the pool.</summary>
    LoopTurn NextTurn();

    /// <summary>True unless the bytes are too few to be worth it.</summary>
    bool CanSend(int bytes);

    /// <summary>
    /// Sends what the client's socket takes of <paramref name="pieces"/> now, headers and whatever else was written before them first, and counts it as written to
    /// <paramref name="body"/>. Returns how many bytes went; 0 when they have to be written in the ordinary way: the socket is full, or the body does
    /// not pass straight to this connection.
    /// </summary>
    /// <param name="body">The body of the response, which has been started and has a length.</param>
    /// <param name="pieces">Bytes for whose number <see cref="CanSend"/> is true, that the caller keeps in memory during the call, and that nobody ever writes again.</param>
    /// <param name="moreFollows">True when more of the body is at hand and is written next, so that a short segment may wait for it.</param>
    int TrySend(PipeWriter body, in BytePieces pieces, bool moreFollows);
}

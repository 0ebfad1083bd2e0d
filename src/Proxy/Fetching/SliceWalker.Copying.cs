using System.IO.Pipelines;
using S3Proxy.Transport;

namespace S3Proxy.Fetching;

/// <summary>The way of the bytes to the client: straight from memory as long as its socket takes them at once, else by a copy.</summary>
internal sealed partial class SliceWalker
{
    /// <summary>Bytes that are copied for a client whose socket is full.</summary>
    private const int WaitBytes = 32 * 1024;

    /// <summary>Bytes of the first call, so that the other side reads the beginning while the rest is sent; later calls carry more (docs/performance.md).</summary>
    private const int BeginningBytes = 512 * 1024;

    /// <summary>Bytes sent to a client that takes all at once before others have their turn on the thread.</summary>
    private const int TurnBytes = 2 << 20;

    /// <summary>
    /// Writes the bytes from <paramref name="first"/> to <paramref name="last"/> of the object. <see cref="OpenAsync"/> has been called for the first of them.
    /// Returns how many were handed to the writer; fewer than all of them means the client is gone.
    /// </summary>
    /// <param name="writer">The client's body.</param>
    /// <param name="direct">The same body where bytes need no copy; null where they do.</param>
    /// <param name="first">Object offset of the first byte.</param>
    /// <param name="last">Object offset of the last byte.</param>
    /// <param name="aborted">The client is gone.</param>
    /// <exception cref="FetchException">The rest of this version cannot be had. What was written is right.</exception>
    public async Task<long> CopyAsync(PipeWriter writer, DirectBody? direct, long first, long last, CancellationToken aborted)
    {
        long offset = first;
        long turn = 0;
        bool isFull = false;
        while (offset <= last)
        {
            ReadOnlyMemory<byte> bytes = await NextAsync(offset, aborted);
            int take = (int)Math.Min(bytes.Length, last - offset + 1);
            if (direct is { } body)
            {
                BytePieces pieces = BytePieces.At(_cursor, Math.Min(last - offset + 1, offset == first ? BeginningBytes : long.MaxValue));

                // What was promised more must not wait while others have their turn.
                bool moreFollows = offset + pieces.Bytes <= last && _cursor.Available > pieces.Bytes && turn + pieces.Bytes < TurnBytes;
                int sent = isFull ? 0 : await body.TrySendAsync(pieces, moreFollows);
                if (sent > 0)
                {
                    _cursor.Advance(sent);
                    offset += sent;
                    turn += sent;
                    isFull = sent < pieces.Bytes;
                    if (turn >= TurnBytes)
                    {
                        // A client as fast as memory would keep this thread for the whole object.
                        turn = 0;
                        _cursor.Park();
                        await body.NextTurn();
                    }

                    continue;
                }

                // A socket that is full is waited for with a copy of a few bytes in hand instead of the slice.
                take = sent == 0 ? Math.Min(take, WaitBytes) : take;
                isFull = false;
            }

            ValueTask<FlushResult> flush = writer.WriteAsync(bytes[..take], aborted);
            _cursor.Advance(take);
            offset += take;
            turn += take;
            if (!flush.IsCompleted)
            {
                // The bytes are copied; a slow client must not keep the slice.
                _cursor.Park();
                turn = 0;
            }

            FlushResult result = await flush;
            if (result.IsCompleted || result.IsCanceled)
            {
                break;
            }

            if (turn >= TurnBytes && !PoolThread.Switch().IsCompleted)
            {
                // Off the thread that hears other clients' sockets too.
                turn = 0;
                _cursor.Park();
                await PoolThread.Switch();
            }
        }

        return offset - first;
    }
}

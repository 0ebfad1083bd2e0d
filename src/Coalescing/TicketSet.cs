namespace S3Proxy.Coalescing;

/// <summary>
/// Which participants of a flight are still there: tickets are handed out in ascending order and each is taken back once. The first 64
/// cost no allocation, the others one bit each. Not thread-safe; the flight's lock protects it.
/// </summary>
internal struct TicketSet
{
    private const int BitsPerWord = 64;
    private ulong _first;
    private ulong[]? _more;
    private int _issued;

    /// <summary>Tickets handed out and not yet taken back.</summary>
    public int Count { get; private set; }

    /// <summary>Hands out the next ticket, starting at 0.</summary>
    public int Issue()
    {
        int ticket = _issued++;
        if (ticket >= BitsPerWord)
        {
            int word = (ticket / BitsPerWord) - 1;
            if (_more is null)
            {
                _more = new ulong[4];
            }
            else if (word >= _more.Length)
            {
                Array.Resize(ref _more, _more.Length * 2);
            }
        }

        Word(ticket) |= Bit(ticket);
        Count++;
        return ticket;
    }

    /// <summary>Takes a ticket back; false when it was taken back before.</summary>
    public bool TakeBack(int ticket)
    {
        ref ulong word = ref Word(ticket);
        if ((word & Bit(ticket)) == 0)
        {
            return false;
        }

        word &= ~Bit(ticket);
        Count--;
        return true;
    }

    private static ulong Bit(int ticket) => 1UL << (ticket % BitsPerWord);

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref ulong Word(int ticket) => ref ticket < BitsPerWord ? ref _first : ref _more![(ticket / BitsPerWord) - 1];
}

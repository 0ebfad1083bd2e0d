using S3Proxy.Native;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// Pages that came back and of which a socket may still hold bytes. They are punched before they are lent again, some at a time, so that neighbours cost one
/// system call: the socket keeps the old memory, and the page gets new one.
/// </summary>
/// <remarks>Not thread-safe, the pool's lock protects it; but for <see cref="Punch"/>, which is called without, on pages taken out.</remarks>
internal sealed class SentPages(MemoryFile? file)
{
    /// <summary>Pages punched together, a slice of usual size: as long as one caller has to wait for others' pages.</summary>
    private const int BatchPages = 16;

    private readonly Stack<Page> _pages = new();

    public int Count => _pages.Count;

    public void Add(Page page) => _pages.Push(page);

    /// <summary>Takes out the pages to punch next.</summary>
    public Page[] Take()
    {
        Page[] pages = new Page[Math.Min(BatchPages, _pages.Count)];
        for (int i = 0; i < pages.Length; i++)
        {
            pages[i] = _pages.Pop();
        }

        return pages;
    }

    public void Clear() => _pages.Clear();

    /// <summary>
    /// Gives the memory of <paramref name="pages"/> back to the system and leaves them in the order of the file. A page for which the system refuses keeps its mark,
    /// and may never be lent again.
    /// </summary>
    public void Punch(Page[] pages)
    {
        Array.Sort(pages, static (one, other) => one.Offset.CompareTo(other.Offset));
        for (int first = 0; first < pages.Length;)
        {
            int next = first + 1;
            while (next < pages.Length && pages[next].Offset == pages[next - 1].Offset + PagePool.PageBytes)
            {
                next++;
            }

            if (file!.TryPunch(pages[first].Offset, (long)(next - first) * PagePool.PageBytes))
            {
                for (int i = first; i < next; i++)
                {
                    pages[i].WasSent = false;
                }
            }

            first = next;
        }
    }
}

using System.Globalization;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>What a process and all its descendants use, from <c>/proc</c> (proc(5)). Sums over the tree of now; a process that has ended counts no more. Linux only.</summary>
internal static class ProcessTree
{
    /// <summary>Linux tells processor time in hundredths of a second, whatever its own clock does (USER_HZ).</summary>
    private const int TicksPerSecond = 100;
    private const int UserTimeField = 11;

    /// <summary>User and system time.</summary>
    public static TimeSpan ProcessorTimeOf(int processId) => TimeSpan.FromSeconds((double)Members(processId).Sum(TicksOf) / TicksPerSecond);

    /// <summary>Resident memory in bytes; pages that processes share count once.</summary>
    public static long ResidentBytesOf(int processId) => Members(processId).Sum(ProportionalBytesOf);

    private static IEnumerable<int> Members(int processId)
    {
        Queue<int> left = new([processId]);
        while (left.TryDequeue(out int id))
        {
            yield return id;
            foreach (int child in ChildrenOf(id))
            {
                left.Enqueue(child);
            }
        }
    }

    private static int[] ChildrenOf(int id) => OrIfGone<int[]>([], () =>
    [
        .. Directory.EnumerateDirectories($"/proc/{id}/task")
            .SelectMany(thread => OrIfGone("", () => File.ReadAllText(Path.Combine(thread, "children"))).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ]);

    private static long TicksOf(int id) => OrIfGone(0L, () =>
    {
        // The name in parentheses may hold anything; the fields are counted from behind it.
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Number(fields[UserTimeField]) + Number(fields[UserTimeField + 1]);
    });

    /// <summary>Its proportional set size: of pages that it shares, its part. Where that may not be read, all that is resident.</summary>
    private static long ProportionalBytesOf(int id) => OrIfGone(0L, () =>
    {
        const string Line = "Pss:";
        try
        {
            string proportional = File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith(Line, StringComparison.Ordinal));
            return Number(proportional[Line.Length..^" kB".Length].Trim()) * 1024;
        }
        catch (UnauthorizedAccessException)
        {
            return Number(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1]) * Environment.SystemPageSize;
        }
    });

    /// <summary>A process, or a thread of it, may end while it is looked at.</summary>
    private static T OrIfGone<T>(T instead, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return instead;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

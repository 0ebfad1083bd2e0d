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

    /// <summary>
    /// Resident memory in bytes. Pages that its processes share count once, and pages of programs and libraries that others have mapped as well count in full: what else runs on the machine makes no difference.
    /// Of those, the process that has most counts for all.
    /// </summary>
    public static long ResidentBytesOf(int processId)
    {
        (long OwnBytes, long FileBytes)[] members = [.. Members(processId).Select(id => (OwnBytesOf(id), FileBytesOf(id)))];
        return members.Sum(member => member.OwnBytes) + members.Max(member => member.FileBytes);
    }

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

    /// <summary>Anonymous and shared memory: of pages that it shares, which it does with its tree, its part. Where that may not be read, all of it.</summary>
    private static long OwnBytesOf(int id) => OrIfGone(0L, () =>
    {
        try
        {
            return KilobytesOf($"/proc/{id}/smaps_rollup", "Pss_Anon:", "Pss_Shmem:") * 1024;
        }
        catch (UnauthorizedAccessException)
        {
            return KilobytesOf($"/proc/{id}/status", "RssAnon:", "RssShmem:") * 1024;
        }
    });

    private static long FileBytesOf(int id) => OrIfGone(0L, () => KilobytesOf($"/proc/{id}/status", "RssFile:") * 1024);

    private static long KilobytesOf(string path, params string[] names) => File.ReadLines(path)
        .Where(line => names.Any(name => line.StartsWith(name, StringComparison.Ordinal)))
        .Sum(line => Number(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]));

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

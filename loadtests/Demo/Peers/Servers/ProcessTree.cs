using System.Globalization;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>What a process and all its descendants use, from <c>/proc</c> (proc(5)). Linux only.</summary>
internal static class ProcessTree
{
    /// <summary>Linux tells processor time in hundredths of a second, whatever its own clock does (USER_HZ).</summary>
    private const int TicksPerSecond = 100;
    private const int UserTimeField = 11;

    /// <summary>Sums over the tree of now; a process that has ended counts no more.</summary>
    public static (TimeSpan ProcessorTime, long ResidentBytes) Measure(int processId)
    {
        long ticks = 0;
        long pages = 0;
        Queue<int> left = new([processId]);
        while (left.TryDequeue(out int id))
        {
            try
            {
                // The name in parentheses may hold anything; the fields are counted from behind it.
                string stat = File.ReadAllText($"/proc/{id}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                ticks += Number(fields[UserTimeField]) + Number(fields[UserTimeField + 1]);
                pages += Number(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1]);
                foreach (string thread in Directory.EnumerateDirectories($"/proc/{id}/task"))
                {
                    foreach (string child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        left.Enqueue(int.Parse(child, CultureInfo.InvariantCulture));
                    }
                }
            }
            catch (IOException)
            {
                // It, or a thread of it, ended while it was looked at.
            }
        }

        return (TimeSpan.FromSeconds((double)ticks / TicksPerSecond), pages * Environment.SystemPageSize);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

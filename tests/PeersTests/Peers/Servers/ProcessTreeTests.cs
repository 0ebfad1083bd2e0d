using System.Diagnostics;
using System.Globalization;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.PeersTests.Peers.Servers;

public sealed class ProcessTreeTests
{
    [Fact]
    public void Descendants_count()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat; true"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        // An answer from the child shows that it is there.
        shell.StandardInput.WriteLine("here");
        Assert.Equal("here", shell.StandardOutput.ReadLine());
        long all = ProcessTree.ResidentBytesOf(shell.Id);
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.True(all > 0);
        Assert.Equal(0, ProcessTree.ResidentBytesOf(shell.Id));
        Assert.Equal(TimeSpan.Zero, ProcessTree.ProcessorTimeOf(shell.Id));
        Assert.True(ProcessTree.ProcessorTimeOf(Environment.ProcessId) > TimeSpan.Zero);
        Assert.True(ProcessTree.ResidentBytesOf(Environment.ProcessId) > all);
    }

    /// <summary>Nearly all of so small a process is the C library, which every other process has mapped too.</summary>
    [Fact]
    public void Pages_shared_with_strangers_count_in_full()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using Process cat = Process.Start(new ProcessStartInfo("/bin/cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        cat.StandardInput.WriteLine("here");
        Assert.Equal("here", cat.StandardOutput.ReadLine());
        string resident = File.ReadLines($"/proc/{cat.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long bytes = long.Parse(resident.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        long measured = ProcessTree.ResidentBytesOf(cat.Id);
        cat.StandardInput.Close();
        cat.WaitForExit();
        Assert.InRange(measured, bytes * 0.9, bytes * 1.1);
    }

    /// <summary>A process of its own has the same library, and little else.</summary>
    [Fact]
    public void Pages_shared_within_the_tree_count_once()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat | cat | cat | cat; true"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        shell.StandardInput.WriteLine("here");
        Assert.Equal("here", shell.StandardOutput.ReadLine());
        long tree = ProcessTree.ResidentBytesOf(shell.Id);
        string resident = File.ReadLines($"/proc/{shell.Id}/status").First(line => line.StartsWith("RssFile:", StringComparison.Ordinal));
        long fileBytes = long.Parse(resident.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        shell.StandardInput.Close();
        shell.WaitForExit();
        Assert.InRange(tree, fileBytes, fileBytes * 3);
    }
}

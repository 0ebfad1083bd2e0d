using System.Diagnostics;
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
}

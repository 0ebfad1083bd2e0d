using S3Proxy.Reporting;

namespace S3Proxy.PeersTests.Reporting;

public sealed class PerfScriptTests
{
    private const string Script = """
        .NET Sockets 30575 59044.964587:     666666 cpu-clock:ppp: 
        	ffffffff81e31640 __sys_recvfrom+0x70 ([kernel.kallsyms])
        	          10a974 __libc_recv+0x64 (/usr/lib/x86_64-linux-gnu/libc.so.6)
        	    7f7d718a44ae instance void [S3Proxy] S3Proxy.Pipeline.DataPipeline+<AnswerAsync>d__18::MoveNext()[OptimizedTier1]+0xb8e (/tmp/perf-30539.map)

        .NET TP Worker 30576/30577 [001] 59044.965138:     666666 cpu-clock:ppp: 
        	    7f7d7185727b void [System.Private.CoreLib] System.SpanHelpers::Memmove(uint8&,uint8&,native uint)[OptimizedTier1]+0xdb (/tmp/perf-30539.map)
        	    7f7d71898ce5 instance void [Microsoft.AspNetCore.Server.Kestrel.Core] Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpProtocol+<ProcessRequests>d__237`1[System.__Canon]::MoveNext()[OptimizedTier1]+0x4 (/tmp/perf-30539.map)

        .NET Sockets 30575 59044.964999:     666666 cpu-clock:ppp: 
        	    7f7d71890000 [unknown] (/usr/share/dotnet/libcoreclr.so)
        """;

    [Fact]
    public void Samples_are_added_up_by_thread_and_function()
    {
        FlameNode root = PerfScript.Read(new StringReader(Script));
        Assert.Equal(3, root.Samples);
        FlameNode sockets = Assert.Single(root.Callees, thread => thread.Name == ".NET Sockets");
        Assert.Equal(2, sockets.Samples);
        FlameNode answer = Assert.Single(sockets.Callees, function => function.Room == PerfScript.Proxy);
        Assert.Equal("DataPipeline.AnswerAsync", answer.Name);
        FlameNode received = Assert.Single(answer.Callees);
        Assert.Equal(("__libc_recv", PerfScript.Runtime), (received.Name, received.Room));
        Assert.Equal(("__sys_recvfrom", PerfScript.Kernel), (Assert.Single(received.Callees).Name, received.Callees.First().Room));
        Assert.Contains(sockets.Callees, function => function.Name == "libcoreclr.so");
    }

    [Fact]
    public void Functions_of_servers_and_libraries_are_told_apart()
    {
        FlameNode worker = PerfScript.Read(new StringReader(Script)).Callees.First(thread => thread.Name == ".NET TP Worker");
        FlameNode requests = Assert.Single(worker.Callees);
        Assert.Equal(PerfScript.Server, requests.Room);
        FlameNode copied = Assert.Single(requests.Callees);
        Assert.Equal(("SpanHelpers.Memmove", PerfScript.Libraries), (copied.Name, copied.Room));
    }

    [Fact]
    public void A_graph_draws_each_function_with_its_share_and_takes_names_as_text()
    {
        FlameNode root = new("all", PerfScript.Runtime);
        root.Add([("thread", PerfScript.Runtime), ("a<b>&c", PerfScript.Proxy)], 3);
        root.Add([("thread", PerfScript.Runtime)], 1);
        string svg = new FlameGraph("what <it> is").Draw(root);
        Assert.Contains("a&lt;b&gt;&amp;c: 75.0 %", svg, StringComparison.Ordinal);
        Assert.Contains("thread: 100.0 %", svg, StringComparison.Ordinal);
        Assert.Contains("what &lt;it&gt; is", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("a<b>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_profile_has_no_samples() => Assert.Equal(0, PerfScript.Read(new StringReader("nothing\nof the kind\n")).Samples);
}

using System.Globalization;
using System.Net;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <summary>Who is at loopback, and what its socket gets for it.</summary>
public sealed class LoopConnectionOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    public void C1_only_clients_at_loopback_have_a_send_buffer_of_our_choice(string client, bool expected) =>
        Assert.Equal(expected ? LoopConnectionOptions.LocalSendBufferBytes : null, LoopConnectionOptions.SendBufferBytesFor(new IPEndPoint(IPAddress.Parse(client), 1)));

    /// <summary>The system's own choice would grow to 4 MiB, more than a processor's cache has for a client.</summary>
    [Fact]
    public async Task C1_a_local_client_has_a_send_buffer_that_stays_in_the_cache()
    {
        using SocketPair pair = await SocketPair.ConnectAsync();
        LoopConnectionOptions.Prepare(pair.Server);

        int mostBytes = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/core/wmem_max"), CultureInfo.InvariantCulture);
        Assert.Equal(2 * Math.Min(LoopConnectionOptions.LocalSendBufferBytes, mostBytes), pair.Server.SendBufferSize);
        Assert.True(pair.Server.NoDelay);
        Assert.False(pair.Server.Blocking);
    }
}

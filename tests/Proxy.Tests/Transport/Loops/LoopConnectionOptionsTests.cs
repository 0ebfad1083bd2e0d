using System.Globalization;
using System.Net;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <summary>Who is on this machine, and what its socket gets for it.</summary>
public sealed class LoopConnectionOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.9", "10.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("fd00::1", "fd00::1", true)]
    [InlineData("10.0.0.2", "10.0.0.1", false)]
    [InlineData("fd00::2", "fd00::1", false)]
    public void C1_a_client_at_loopback_or_at_our_own_address_is_on_this_machine(string client, string server, bool expected) =>
        Assert.Equal(expected, LoopConnectionOptions.IsOnThisMachine(new IPEndPoint(IPAddress.Parse(client), 1), new IPEndPoint(IPAddress.Parse(server), 2)));

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

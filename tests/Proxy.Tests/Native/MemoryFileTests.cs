using S3Proxy.Caching.Memory;
using S3Proxy.Native;

namespace S3Proxy.Tests.Native;

/// <summary>What the memory tier relies on: a socket keeps the memory that was sent from a file, whatever becomes of the file.</summary>
public sealed class MemoryFileTests
{
    private const int Part = 64 * 1024;

    [Fact]
    public async Task What_a_socket_was_given_stays_as_it_was_when_the_file_is_punched_and_written_again()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        using MemoryFile file = Create(Part);
        using SocketPair pair = await SocketPair.ConnectAsync();
        Span(file).Fill(1);
        int sent = SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, 0, Part);
        Assert.InRange(sent, 1, Part);

        Assert.True(file.TryPunch(0, Part));
        Assert.Equal(-1, Span(file).IndexOfAnyExcept((byte)0));
        Span(file).Fill(2);

        byte[] received = await pair.ReceiveAsync(sent);
        Assert.Equal(sent, received.Length);
        Assert.Equal(-1, received.AsSpan().IndexOfAnyExcept((byte)1));
    }

    /// <summary>The mistake that the punch is there to prevent, and that the tests of the transport must be able to see.</summary>
    [Fact]
    public async Task Without_a_punch_the_client_would_get_what_was_written_later()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        using MemoryFile file = Create(Part);
        using SocketPair pair = await SocketPair.ConnectAsync();
        Span(file).Fill(1);
        int sent = SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, 0, Part);

        Span(file).Fill(2);

        Assert.Contains((byte)2, await pair.ReceiveAsync(sent));
    }

    [Fact]
    public async Task What_a_socket_was_given_outlives_the_file()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        MemoryFile file = Create(Part);
        using SocketPair pair = await SocketPair.ConnectAsync();
        Span(file).Fill(7);
        int sent = SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, 0, Part);
        file.Dispose();

        byte[] received = await pair.ReceiveAsync(sent);
        Assert.Equal(sent, received.Length);
        Assert.Equal(-1, received.AsSpan().IndexOfAnyExcept((byte)7));
    }

    /// <summary>A hole in a part of a large page is zeroed in place, under the sockets' feet; so the mapping must have none, whatever the machine prefers.</summary>
    [Fact]
    public async Task Holes_that_are_smaller_than_a_large_page_harm_no_neighbour_nor_what_was_sent()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        const int Parts = 64;
        using MemoryFile file = Create(Parts * Part);
        for (int part = 0; part < Parts; part++)
        {
            Span(file).Slice(part * Part, Part).Fill((byte)(part + 1));
        }

        for (int part = 0; part < Parts; part += 5)
        {
            using SocketPair pair = await SocketPair.ConnectAsync();
            int sent = SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, part * Part, Part);
            Assert.True(file.TryPunch(part * Part, Part));
            byte[] received = await pair.ReceiveAsync(sent);
            Assert.Equal(-1, received.AsSpan().IndexOfAnyExcept((byte)(part + 1)));
        }

        for (int part = 0; part < Parts; part++)
        {
            byte expected = part % 5 == 0 ? (byte)0 : (byte)(part + 1);
            Assert.Equal(-1, Span(file).Slice(part * Part, Part).IndexOfAnyExcept(expected));
        }
    }

    [Fact]
    public async Task A_socket_that_is_full_takes_nothing_and_a_closed_one_fails()
    {
        if (!MemoryFile.IsSupported)
        {
            return;
        }

        using MemoryFile file = Create(Part);
        using SocketPair pair = await SocketPair.ConnectAsync(bufferBytes: 4096);
        Span(file).Fill(1);
        long total = 0;
        int sent;
        while ((sent = SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, 0, Part)) > 0)
        {
            total += sent;
            Assert.InRange(total, 1, 64 << 20);
        }

        Assert.Equal(0, sent);
        Assert.Equal(0, SocketOutput.TrySend(pair.Server.SafeHandle, new byte[1], moreFollows: false));
        pair.Server.Dispose();
        Assert.True(SocketOutput.TrySendFile(pair.Server.SafeHandle, file.Descriptor, 0, Part) < 0);
        Assert.True(SocketOutput.TrySend(pair.Server.SafeHandle, new byte[1], moreFollows: false) < 0);
    }

    private static MemoryFile Create(int bytes)
    {
        MemoryFile? file = MemoryFile.TryCreate(bytes, out int error);
        Assert.True(file is not null, $"error {error}");
        return file;
    }

    private static Span<byte> Span(MemoryFile file) => new Page(file, 0, (int)file.Bytes, copiedFirst: 0).GetSpan();
}

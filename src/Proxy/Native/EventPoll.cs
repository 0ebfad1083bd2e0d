using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace S3Proxy.Native;

/// <summary>A set of sockets whose changes one thread waits for (epoll(7), 64-bit Linux). Adding, removing and waking are thread-safe; one thread waits.</summary>
internal sealed unsafe class EventPoll : IDisposable
{
    private const int AtOnce = 256;
    private const ulong WakeToken = ulong.MaxValue;

    // The kernel packs the event on x64 only: flags of 4 bytes, and 8 that come back as they were given.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly int _poll;
    private readonly int _wake;
    private readonly byte* _events;

    /// <exception cref="Win32Exception">The system has no room for it.</exception>
    public EventPoll()
    {
        _poll = LibC.CreateEventPoll(LibC.EpollCloseOnExec);
        _wake = _poll < 0 ? -1 : LibC.CreateEventCounter(0, LibC.EventNonBlocking | LibC.EventCloseOnExec);
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(AtOnce * EventBytes));
        byte* wake = stackalloc byte[EventBytes];
        Fill(wake, SocketEvents.Readable | SocketEvents.EdgeTriggered, WakeToken);
        if (_wake < 0 || LibC.ChangeEventPoll(_poll, LibC.EpollAdd, _wake, wake) != 0)
        {
            Win32Exception error = new(Marshal.GetLastPInvokeError(), "The system refuses what waits for sockets (epoll, eventfd).");
            Dispose();
            throw error;
        }
    }

    /// <summary>Tells of <paramref name="socket"/> from now on, what holds already included.</summary>
    /// <param name="socket">Open.</param>
    /// <param name="token">Comes back with each event; not the greatest value.</param>
    /// <exception cref="Win32Exception">The system has no room for it.</exception>
    public void Add(SafeHandle socket, ulong token)
    {
        byte* added = stackalloc byte[EventBytes];
        Fill(added, SocketEvents.Readable | SocketEvents.Writable | SocketEvents.PeerEnded | SocketEvents.EdgeTriggered, token);
        if (LibC.ChangeEventPoll(_poll, LibC.EpollAdd, socket, added) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Tells nothing more of <paramref name="socket"/>, but for what <see cref="Wait"/> has returned already.</summary>
    public void Remove(SafeHandle socket)
    {
        byte* unused = stackalloc byte[EventBytes];
        _ = LibC.ChangeEventPoll(_poll, LibC.EpollRemove, socket, unused);
    }

    /// <summary>Waits until something changes, and returns how many <see cref="this[int]"/> has. May return 0.</summary>
    /// <param name="isPatient">False: returns at once.</param>
    public int Wait(bool isPatient)
    {
        int count = LibC.WaitForEvents(_poll, _events, AtOnce, isPatient ? -1 : 0);
        return Math.Max(count, 0);
    }

    /// <summary>The event at <paramref name="index"/> of those that <see cref="Wait"/> returned last; no socket's, and without events, where somebody called <see cref="Wake"/>.</summary>
    public (SocketEvents Events, ulong Token) this[int index]
    {
        get
        {
            byte* at = _events + (index * EventBytes);
            ulong token = Unsafe.ReadUnaligned<ulong>(at + EventBytes - sizeof(ulong));
            return (token == WakeToken ? SocketEvents.None : (SocketEvents)Unsafe.ReadUnaligned<uint>(at), token);
        }
    }

    /// <summary>Has <see cref="Wait"/> return.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Only when nobody waits any more.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_events);
        foreach (int file in (ReadOnlySpan<int>)[_wake, _poll])
        {
            if (file >= 0)
            {
                _ = LibC.Close(file);
            }
        }
    }

    private static void Fill(byte* at, SocketEvents events, ulong token)
    {
        Unsafe.WriteUnaligned(at, (uint)events);
        Unsafe.WriteUnaligned(at + EventBytes - sizeof(ulong), token);
    }
}

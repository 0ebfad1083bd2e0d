using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <summary>Hands on what a loop tells.</summary>
internal sealed class EventRecorder(Action<SocketEvents> told) : IEventTarget
{
    public void OnEvents(SocketEvents events) => told(events);
}

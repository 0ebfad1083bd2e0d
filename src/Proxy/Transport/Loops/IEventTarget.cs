using S3Proxy.Native;

namespace S3Proxy.Transport.Loops;

/// <summary>Who hears of a socket.</summary>
internal interface IEventTarget
{
    /// <summary>Called on the thread of an <see cref="EventLoop"/>, which has all its other sockets wait meanwhile.</summary>
    void OnEvents(SocketEvents events);
}

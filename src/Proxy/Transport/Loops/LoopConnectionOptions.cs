using System.Net;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Configuration;
using S3Proxy.FastPath;

namespace S3Proxy.Transport.Loops;

/// <summary>How connections of a port are served.</summary>
/// <param name="IsInline">True: requests begin on the thread that heard of them (<c>listen.inlineScheduling</c>); false: on the pool.</param>
/// <param name="SendsPages">True: bodies go from memory to the socket (<c>listen.zeroCopy</c>).</param>
/// <param name="RefersLocally">True: pages are referred to for clients on this machine too.</param>
/// <param name="Instant">Answers what can be answered at once (<c>listen.fastPath</c>); null: the server answers everything.</param>
internal sealed record LoopConnectionOptions(bool IsInline, bool SendsPages, bool RefersLocally, InstantAnswers? Instant = null)
{
    /// <summary>What the configuration says.</summary>
    public static LoopConnectionOptions Of(ListenConfiguration listen, InstantAnswers? instant) => new(listen.InlineScheduling, listen.ZeroCopy, listen.ZeroCopyPolicy.RefersLocally, instant);

    /// <summary>True where a socket may refer to a page instead of copying it, where that pays.</summary>
    public bool MayReferTo(ConnectionContext connection) => RefersLocally || !IsOnThisMachine(connection);

    private static bool IsOnThisMachine(ConnectionContext connection) =>
        connection.RemoteEndPoint is not IPEndPoint client || IPAddress.IsLoopback(client.Address) || client.Address.Equals((connection.LocalEndPoint as IPEndPoint)?.Address);
}

using System.Net;

namespace S3Proxy.Configuration;

/// <summary>Where the proxy listens.</summary>
internal sealed record ListenConfiguration
{
    /// <summary>Address of the data port. Port 0 takes a free one.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>Address of the admin port. Loopback unless configured otherwise.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>Certificate of the data port; null for one without TLS.</summary>
    public TlsConfiguration? Tls { get; init; }

    /// <summary>Certificate of the admin port; null for one without TLS.</summary>
    public TlsConfiguration? AdminTls { get; init; }

    /// <summary>Versions of HTTP on the data port. Both only with TLS.</summary>
    public HttpVersions Protocols { get; init; } = HttpVersions.Http1;

    /// <summary>Suffix of virtual-hosted-style names (<c>bucket.SUFFIX</c>), lower case, no leading dot; null turns host style off.</summary>
    public string? HostSuffix { get; init; }

    /// <summary>Peers of the data port whose <c>X-Forwarded-For</c> is believed; empty: nobody's, and a client's address is that of its connection.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Bearer token that every request on the admin port must carry; null asks for none, which only a loopback address may (requirement A5).</summary>
    public string? AdminToken { get; init; }

    /// <summary>
    /// Whether bodies go from memory to the sockets of clients without a copy, where the system can. False: they are copied, by Kestrel's own transport.
    /// </summary>
    public bool ZeroCopy { get; init; } = true;

    /// <summary>When <see cref="ZeroCopy"/> takes effect.</summary>
    public ZeroCopyPolicy ZeroCopyPolicy { get; init; } = new();

    /// <summary>Whether a request begins on the thread that heard its socket, and a hit ends there. False: each is handed to the thread pool.</summary>
    public bool InlineScheduling { get; init; } = true;

    /// <summary>Whether small hits are answered from the bytes of a connection, without the server. False: the server answers everything.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>Without the token.</summary>
    public override string ToString() => $"ListenConfiguration({Endpoint}, {Admin})";
}

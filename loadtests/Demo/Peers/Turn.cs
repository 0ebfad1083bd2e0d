using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers;

/// <summary>One server's turn in one round.</summary>
/// <param name="Server">Who is measured.</param>
/// <param name="Round">From 1; 0 warms up.</param>
/// <param name="Number">Different for each turn of a run, for keys that nobody has read before.</param>
internal sealed record Turn(PeerServer Server, int Round, int Number);

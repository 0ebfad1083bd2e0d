namespace S3Proxy.Demo.Peers.Results;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="IsTold">Whether a sample has a value for it; a column that none has is left out.</param>
/// <param name="Text">What stands there for a cell and a server.</param>
internal sealed record PeersColumn(string Title, Func<PeerSample, bool> IsTold, Func<string, string, string> Text);

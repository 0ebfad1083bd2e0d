namespace S3Proxy.Demo.Peers;

/// <summary>A server is not fit to be measured; the message is for people.</summary>
internal sealed class WrongPeerException(string message) : Exception(message);

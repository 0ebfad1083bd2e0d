namespace S3Proxy.Demo.Processes;

/// <summary>The proxy could not be started; the message is for people.</summary>
internal sealed class ProxyStartException(string message, Exception? inner = null) : Exception(message, inner);

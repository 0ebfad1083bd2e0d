namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A client has no means for an operation, whatever the server. The message says why and becomes a footnote.</summary>
internal sealed class NotOfferedException(string message) : Exception(message);

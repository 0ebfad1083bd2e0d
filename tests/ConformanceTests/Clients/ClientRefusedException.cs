namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A client reported a failure, in its own words.</summary>
internal sealed class ClientRefusedException(string message) : Exception(message);

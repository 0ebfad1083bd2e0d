namespace S3Proxy.Demo.Peers.Client;

/// <summary>One request and what must come of it.</summary>
/// <param name="Request">Sent as it is.</param>
/// <param name="Start">Where in the shared content the body begins.</param>
/// <param name="Length">Bytes of the body.</param>
/// <param name="Status">HTTP status.</param>
internal readonly record struct Ask(byte[] Request, long Start, long Length, int Status);

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>What a server of a scenario is started with.</summary>
/// <param name="Origin">Where it fetches.</param>
/// <param name="BudgetBytes">Memory for cached objects.</param>
/// <param name="Certificate">Of the data port, which then speaks TLS with HTTP/1.1 and HTTP/2; null: plain HTTP/1.1.</param>
/// <param name="Directory">An empty directory of the server's own, for its configuration and logs.</param>
/// <param name="MeanObjectBytes">
/// Mean size of the objects, where the peak of memory is measured: a server that keeps to a number of objects at once, and to a number of bytes only in time, is bounded by the number.
/// Null: by bytes.
/// </param>
internal sealed record ServerSetup(Uri Origin, long BudgetBytes, CertificateFiles? Certificate, string Directory, long? MeanObjectBytes);

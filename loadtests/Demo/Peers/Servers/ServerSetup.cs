namespace S3Proxy.Demo.Peers.Servers;

/// <summary>What every server of a scenario is started with: the same for all.</summary>
/// <param name="Origin">Where it fetches.</param>
/// <param name="BudgetBytes">Memory for cached objects.</param>
/// <param name="Certificate">Of the data port, which then speaks TLS with HTTP/1.1 and HTTP/2; null: plain HTTP/1.1.</param>
/// <param name="Directory">An empty directory of the server's own, for its configuration and logs.</param>
internal sealed record ServerSetup(Uri Origin, long BudgetBytes, CertificateFiles? Certificate, string Directory);

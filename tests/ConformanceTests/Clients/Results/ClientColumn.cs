namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>All that was seen of one client.</summary>
/// <param name="Client">Its name.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Cells">By operation, in the order of the table.</param>
internal sealed record ClientColumn(string Client, string Version, IReadOnlyDictionary<string, Cell> Cells);

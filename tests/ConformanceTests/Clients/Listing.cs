namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A listing to its end.</summary>
/// <param name="Keys">Whole keys.</param>
/// <param name="Prefixes">Common prefixes, with the slash at their end.</param>
internal sealed record Listing(IReadOnlyList<string> Keys, IReadOnlyList<string> Prefixes);

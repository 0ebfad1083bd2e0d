namespace S3Proxy.Configuration.Reading;

/// <summary>What the readers of one load share.</summary>
/// <param name="Errors">Where they add what is wrong.</param>
/// <param name="Environment">Variables that secrets may come from.</param>
/// <param name="Directory">Where relative paths start.</param>
internal sealed record ReadingContext(List<ConfigurationError> Errors, IReadOnlyDictionary<string, string> Environment, string Directory);

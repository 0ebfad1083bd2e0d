namespace S3Proxy.Configuration;

/// <summary>One thing that is wrong with a configuration, told for people. Holds no secret.</summary>
/// <param name="Path">The key it is about, such as <c>origins.main.endpoints[0]</c>; empty for the file as a whole.</param>
/// <param name="Line">Line in the file, from 1; zero when the value came from an environment variable.</param>
/// <param name="Column">Column in the file, from 1; zero when the value came from an environment variable.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record ConfigurationError(string Path, int Line, int Column, string Message)
{
    /// <summary>The environment variable the value came from; null when it stands in the file.</summary>
    public string? Variable { get; init; }

    /// <summary><c>FILE:LINE:COL: PATH: message</c>, with the variable's name instead of the place for a value from the environment.</summary>
    public string Format(string fileName)
    {
        string place = Variable is null ? $"{fileName}:{Line}:{Column}" : $"environment variable {Variable}";
        return Path.Length == 0 ? $"{place}: {Message}" : $"{place}: {Path}: {Message}";
    }
}

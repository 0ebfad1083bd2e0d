using YamlDotNet.Core;

namespace S3Proxy.Configuration.Yaml;

/// <summary>Where a piece of configuration stands: line and column from 1 in the file, or an environment variable.</summary>
/// <param name="Line">Zero for a variable.</param>
/// <param name="Column">Zero for a variable.</param>
/// <param name="Variable">Name of the variable; null for the file.</param>
internal readonly record struct Place(int Line, int Column, string? Variable = null)
{
    /// <summary>The first character of the file.</summary>
    public static Place Start => new(1, 1);

    public static Place Of(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    public static Place Of(string variable) => new(0, 0, variable);

    public ConfigurationError Error(string path, string message) => new(path, Line, Column, message) { Variable = Variable };
}

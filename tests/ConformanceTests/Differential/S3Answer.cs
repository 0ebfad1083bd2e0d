using System.Text;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>An answer as it came.</summary>
/// <param name="Status">Status code; 0 for what is no valid HTTP or ended early, with the reason as the body.</param>
/// <param name="Headers">Headers by name, all values of one joined; one character a byte.</param>
/// <param name="Body">The body's bytes.</param>
internal sealed record S3Answer(int Status, SortedDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>What <c>x-cache</c> says; null without it.</summary>
    public string? Outcome => Headers.GetValueOrDefault("x-cache");

    public bool IsXml => Headers.GetValueOrDefault("Content-Type")?.Contains("xml", StringComparison.Ordinal) == true && Body.Length > 0;

    public string Text => Encoding.UTF8.GetString(Body);
}

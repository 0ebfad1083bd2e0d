using S3Proxy.Configuration.Schema;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Configuration.Schema;

public sealed class ConfigurationKeysTests
{
    [Fact]
    public void The_documentation_holds_exactly_the_table()
    {
        string[] documented = [.. File.ReadLines(Repository.PathOf("docs/configuration.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

        Assert.Equal(ConfigurationKeys.All.Select(RowOf), documented);
    }

    [Fact]
    public void Every_default_is_a_value_the_key_accepts() =>
        Assert.All(ConfigurationKeys.All.Where(key => key.Default is not null), key => Assert.Null(ScalarCheck.Problem(key, key.Default!)));

    [Fact]
    public void Every_choice_is_a_value_the_key_accepts() =>
        Assert.All(ConfigurationKeys.All, key => Assert.All(key.Choices, choice => Assert.Null(ScalarCheck.Problem(key, choice))));

    // The row as the documentation writes it; a failed comparison shows the line to paste.
    internal static string RowOf(ConfigurationKey key)
    {
        string kind = key.Kind switch
        {
            ValueKind.Mapping => "mapping",
            ValueKind.NamedMapping => "mapping by name",
            ValueKind.List => "list",
            ValueKind.Text => "text",
            ValueKind.Secret => "secret",
            ValueKind.Url => "URL",
            ValueKind.Choice => "choice",
            ValueKind.Flag => "boolean",
            ValueKind.Integer => "number",
            ValueKind.Decimal => "decimal",
            ValueKind.Size => "size",
            ValueKind.Share => "share",
            ValueKind.Duration => "duration",
            _ => throw new ArgumentOutOfRangeException(nameof(key)),
        };
        string fallback = key.MissingMessage is not null ? "required" : key.Default is null ? "–" : key.Default.Length == 0 ? "empty" : $"`{key.Default}`";
        string range = key.Choices.Count > 0 ? string.Join(", ", key.Choices.Select(choice => $"`{choice}`"))
            : key.Range is { } bounds ? $"`{bounds.Least}` to `{bounds.Most}`"
            : "";
        string later = key.IsNotAvailable ? " *Not available yet.*" : "";
        string restart = key.NeedsRestart && key.Pattern[^1] != ']' ? " *Needs a restart.*" : "";
        return $"| `{key.Pattern}` | {kind} | {fallback} | {range} | {key.Description}{later}{restart} |";
    }
}

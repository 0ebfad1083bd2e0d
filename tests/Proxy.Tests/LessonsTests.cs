using System.Text.RegularExpressions;
using S3Proxy.Testing;

namespace S3Proxy.Tests;

/// <summary>docs/lessons.md names tests; a rule without its test would be a promise nobody keeps.</summary>
public sealed partial class LessonsTests
{
    [Fact]
    public void Every_row_names_tests_and_every_test_named_exists()
    {
        Dictionary<string, string> sources = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests*.cs", SearchOption.AllDirectories)
            .GroupBy(path => Path.GetFileName(path).Split('.')[0])
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)), StringComparer.Ordinal);
        string[] rows = [.. File.ReadLines(Repository.PathOf("docs/lessons.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.True(rows.Length > 20);

        Assert.All(rows, row =>
        {
            string[] named = [.. TestName().Matches(row.Split('|')[3]).Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(named);
            Assert.All(named, name =>
            {
                string[] parts = name.Split('.');
                Assert.True(sources.TryGetValue(parts[0], out string? source), $"{parts[0]} does not exist.");
                Assert.True(parts.Length == 1 || source.Contains($" {parts[1]}(", StringComparison.Ordinal), $"{name} does not exist.");
            });
        });
    }

    [GeneratedRegex("`([A-Za-z0-9_.]+)`")]
    private static partial Regex TestName();
}

using S3Proxy.Testing;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>The document for users says what the tables and the list of differences say.</summary>
public sealed class ConformanceDocumentTests
{
    /// <summary>Set to 1, the test writes the document instead of comparing it.</summary>
    private const string WriteVariable = "S3PROXY_WRITE_DOCUMENTS";

    [Fact]
    public async Task Docs_conformance_is_up_to_date()
    {
        string path = Repository.PathOf("docs/conformance.md");
        string document = await File.ReadAllTextAsync(path);
        int begin = document.IndexOf(ConformanceDocument.Begin, StringComparison.Ordinal) + ConformanceDocument.Begin.Length;
        int end = document.IndexOf(ConformanceDocument.End, StringComparison.Ordinal);
        string generated = $"\n{ConformanceDocument.Generate()}";
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            await File.WriteAllTextAsync(path, document[..begin] + generated + document[end..]);
            return;
        }

        Assert.True(document[begin..end] == generated, $"docs/conformance.md is out of date: run this test with {WriteVariable}=1 and commit what it writes.");
    }

    [Fact]
    public void Every_difference_belongs_to_a_table()
    {
        string[] groups = [.. Reads.ReadTables.All.Keys, .. Writes.WriteScenarios.All.Keys];
        Assert.All(KnownDifferences.All, known => Assert.NotEmpty(known.Groups));
        Assert.All(KnownDifferences.All, known => Assert.Subset(groups.ToHashSet(), known.Groups.ToHashSet()));
    }
}

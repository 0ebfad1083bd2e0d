using S3Proxy.Testing;
namespace S3Proxy.DeployTests.Documents;

/// <summary>What documents of this repository point to in it exists, and each can be found from the index.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Links_lead_to_files_and_headings_that_exist()
    {
        Assert.True(MarkdownDocument.All.Count > 40);
        string[] broken = [.. MarkdownDocument.All.SelectMany(document => document.Targets.Select(target => (document, target)))
            .Where(link => !Uri.TryCreate(link.target, UriKind.Absolute, out _) && !Exists(link.document, link.target))
            .Select(link => $"{link.document}: {link.target}")];
        Assert.True(broken.Length == 0, string.Join('\n', broken));
    }

    [Fact]
    public void The_index_names_every_document()
    {
        string folder = Repository.PathOf("docs");
        MarkdownDocument index = MarkdownDocument.Read(Path.Combine(folder, "README.md"));
        Assert.All(
            Directory.EnumerateFiles(folder, "*.md").Select(file => Path.GetFileName(file)!).Where(name => name != "README.md"),
            name => Assert.Contains(name, index.Targets));
    }

    [Fact]
    public void A_link_to_nowhere_is_found()
    {
        MarkdownDocument document = MarkdownDocument.Read(Repository.PathOf("docs/errors.md"));
        Assert.True(Exists(document, "limits.md#behind-a-proxy"));
        Assert.True(Exists(document, "#about-who-asks"));
        Assert.True(Exists(document, "decisions/"));
        Assert.False(Exists(document, "nothing.md"));
        Assert.False(Exists(document, "limits.md#nothing"));
        Assert.False(Exists(document, "#nothing"));
    }

    private static bool Exists(MarkdownDocument from, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? from.Path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from.Path)!, Uri.UnescapeDataString(parts[0])));
        if (parts.Length == 1)
        {
            return File.Exists(path) || Directory.Exists(path);
        }

        return File.Exists(path) && path.EndsWith(".md", StringComparison.Ordinal) && MarkdownDocument.Read(path).Anchors.Contains(parts[1]);
    }
}

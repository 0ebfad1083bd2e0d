using System.Text;
using System.Text.RegularExpressions;
using S3Proxy.Testing;

namespace S3Proxy.DeployTests.Documents;

/// <summary>A Markdown file as GitHub shows it: its links, the anchors of its headings, its code. Immutable.</summary>
internal sealed partial class MarkdownDocument
{
    private MarkdownDocument(string path)
    {
        Path = path;
        List<string> anchors = [];
        List<(string, string)> blocks = [];
        StringBuilder prose = new();
        StringBuilder? code = null;
        string language = "";
        foreach (string line in File.ReadLines(path))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (code is null)
                {
                    language = line.Trim().TrimStart('`');
                    code = new StringBuilder();
                }
                else
                {
                    blocks.Add((language, code.ToString()));
                    code = null;
                }
            }
            else if (code is not null)
            {
                code.Append(line).Append('\n');
            }
            else
            {
                prose.Append(line).Append('\n');
                if (Heading().Match(line) is { Success: true } heading)
                {
                    anchors.Add(AnchorOf(heading.Groups[1].Value, anchors));
                }
            }
        }

        Prose = prose.ToString();
        Anchors = anchors;
        Blocks = blocks;
    }

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>Everything but code blocks.</summary>
    public string Prose { get; }

    /// <summary>What stands behind # in links to its headings.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>Code blocks with what stands behind their opening fence.</summary>
    public IReadOnlyList<(string Language, string Text)> Blocks { get; }

    /// <summary>Targets of links and images, as they are written.</summary>
    public IEnumerable<string> Targets => Link().Matches(CodeSpan().Replace(Prose, "")).Concat(Attribute().Matches(Prose)).Select(match => match.Groups[1].Value);

    /// <summary>Every Markdown file of the repository, what builds and package managers have put there left out.</summary>
    public static IReadOnlyList<MarkdownDocument> All { get; } = [.. Find(Repository.PathOf("")).Select(Read)];

    public static MarkdownDocument Read(string path) => new(path);

    public override string ToString() => System.IO.Path.GetRelativePath(Repository.PathOf(""), Path);

    private static IEnumerable<string> Find(string directory) => Directory.EnumerateFiles(directory, "*.md").Concat(
        Directory.EnumerateDirectories(directory).Where(child => System.IO.Path.GetFileName(child) is { } name && name[0] != '.' && name is not ("bin" or "obj" or "node_modules")).SelectMany(Find));

    /// <summary>As GitHub makes it: lower case, no punctuation, hyphens for spaces, and a number for the second of its name.</summary>
    private static string AnchorOf(string heading, List<string> others)
    {
        string text = LinkText().Replace(heading, "$1").ToLowerInvariant();
        string anchor = string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Trim().Replace(' ', '-');
        int same = others.Count(other => other == anchor);
        return same == 0 ? anchor : $"{anchor}-{same}";
    }

    [GeneratedRegex(@"^#{1,6} +(.+?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:src|srcset|href)=""([^""]+)""")]
    private static partial Regex Attribute();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();
}

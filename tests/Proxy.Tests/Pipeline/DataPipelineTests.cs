using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace S3Proxy.Tests.Pipeline;

/// <summary>The order of the stages stands in one place, and the room's README tells the same.</summary>
public sealed partial class DataPipelineTests
{
    [Fact]
    public void The_readme_lists_the_stages_in_the_order_of_the_code()
    {
        string room = Path.Combine(SourceFolder(), "..", "..", "..", "src", "Proxy", "Pipeline");
        string code = File.ReadAllText(Path.Combine(room, "DataPipeline.cs"));
        int start = code.IndexOf("public async Task InvokeAsync", StringComparison.Ordinal);
        string body = code[start..code.IndexOf("catch", start, StringComparison.Ordinal)];
        string[] documented = [.. Documented().Matches(File.ReadAllText(Path.Combine(room, "README.md"))).Select(match => match.Groups[1].Value)];

        Assert.Equal(8, documented.Length);
        int[] places = [.. documented.Select(stage => body.IndexOf(stage + "(", StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
        Assert.Equal(documented.Length, Called().Count(body));
    }

    [GeneratedRegex(@"^\d+\. `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex(@"\b(?:TryEnterByAddress|TryEnterByKey|Parse|ReadFormAsync|Authenticate|Authorize|Route|AnswerAsync)\(")]
    private static partial Regex Called();

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

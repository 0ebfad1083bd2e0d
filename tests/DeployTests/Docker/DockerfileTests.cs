using System.Text.RegularExpressions;
using S3Proxy.Testing;

namespace S3Proxy.DeployTests.Docker;

/// <summary>What can be said of the Dockerfile without a container engine: that all it copies exists, and how the image runs (requirement O7).</summary>
public sealed partial class DockerfileTests
{
    private readonly List<(string Instruction, string Arguments)> _lines = Read();

    [Fact]
    public void Everything_that_it_copies_exists_and_is_not_ignored()
    {
        string[] allowed = [.. File.ReadLines(Repository.PathOf(".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..])];
        string[] sources = [.. Copies().Where(copy => !copy.StartsWith("--from=", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1])];
        Assert.NotEmpty(sources);
        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Repository.PathOf(source)), $"{source} does not exist.");
            Assert.Contains(allowed, entry => source == entry || source.StartsWith(entry + "/", StringComparison.Ordinal));
        });
        Assert.All(allowed, entry => Assert.True(Path.Exists(Repository.PathOf(entry)), $"{entry} does not exist."));
    }

    [Fact]
    public void What_is_copied_for_the_restore_is_every_project_and_all_that_they_import()
    {
        string[] copied = [.. Copies().TakeWhile(copy => copy != "src src").SelectMany(copy => copy.Split(' ')[..^1])];
        string[] projects = [.. Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.PathOf("."), file))];
        Assert.All(projects, project => Assert.Contains(project, copied));
        Assert.Contains("Directory.Build.props", copied);
        Assert.Contains("Directory.Packages.props", copied);
        Assert.Contains("global.json", copied);
    }

    [Fact]
    public void The_image_runs_as_another_than_root_and_ends_on_SIGTERM()
    {
        (string _, string last) = _lines.FindLast(line => line.Instruction == "FROM");
        Assert.EndsWith("-chiseled", last, StringComparison.Ordinal);
        string user = _lines.FindLast(line => line.Instruction == "USER").Arguments;
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", user);
        Assert.Equal("SIGTERM", _lines.Single(line => line.Instruction == "STOPSIGNAL").Arguments);
        string chart = File.ReadAllText(Repository.PathOf("helm/s3proxy/values.yaml"));
        Assert.Contains($"runAsUser: {user.Split(':')[0]}\n", chart, StringComparison.Ordinal);
        Assert.Contains($"runAsGroup: {user.Split(':')[1]}\n", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_the_last_stage_needs_a_shell()
    {
        int last = _lines.FindLastIndex(line => line.Instruction == "FROM");
        Assert.DoesNotContain(_lines[last..], line => line.Instruction is "RUN" or "HEALTHCHECK");
        Assert.All(_lines[last..].Where(line => line.Instruction is "ENTRYPOINT" or "CMD"), line => Assert.StartsWith("[", line.Arguments, StringComparison.Ordinal));
    }

    [Fact]
    public void Base_images_are_of_the_SDK_and_framework_of_this_repository()
    {
        string framework = TargetFramework().Match(File.ReadAllText(Repository.PathOf("Directory.Build.props"))).Groups[1].Value;
        Assert.All(_lines.Where(line => line.Instruction == "FROM"), line => Assert.Contains($":{framework}", line.Arguments, StringComparison.Ordinal));
    }

    private IEnumerable<string> Copies() => _lines.Where(line => line.Instruction == "COPY").Select(line => line.Arguments);

    /// <summary>The instructions, with continued lines joined.</summary>
    private static List<(string Instruction, string Arguments)> Read()
    {
        string text = File.ReadAllText(Repository.PathOf("Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal);
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))
                .Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1].Trim())),
        ];
    }

    [GeneratedRegex("<TargetFramework>net([0-9.]+)</TargetFramework>")]
    private static partial Regex TargetFramework();
}

using System.CommandLine;
using System.Globalization;
using System.Reflection;
using S3Proxy.Commands;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Commands;

/// <summary>docs/command-line.md is what the program says of itself.</summary>
public sealed class CommandDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs/command-line.md"));

    public static TheoryData<string> Names
    {
        get
        {
            TheoryData<string> names = [""];
            foreach (Command command in Root().Subcommands)
            {
                names.Add(command.Name);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_help_of_each_command_stands_in_the_document(string name)
    {
        CommandRun run = await CommandRun.RunAsync(name.Length == 0 ? ["--help"] : [name, "--help"]);

        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Contains($"```\n{run.Output}```\n", Document, StringComparison.Ordinal);
        Assert.True(name.Length == 0 || Document.Contains($"\n## {name}\n", StringComparison.Ordinal), $"There is no section for {name}.");
    }

    [Fact]
    public void Every_option_is_described()
    {
        foreach (Command command in Root().Subcommands.Prepend(Root()))
        {
            Assert.NotEqual("", command.Description ?? "");
            Assert.All(command.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{command.Name} {option.Name}"));
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), $"{command.Name} {argument.Name}"));
        }
    }

    [Fact]
    public void Every_exit_code_stands_in_the_table()
    {
        foreach (FieldInfo code in typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\n| {code.GetRawConstantValue()} | "), Document, StringComparison.Ordinal);
        }
    }

    private static RootCommand Root() =>
        new CommandLine(new CommandContext(TextWriter.Null, TextWriter.Null, new Dictionary<string, string>()), (_, _, _) => Task.FromResult(0)).CreateRoot();
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace S3Proxy.Commands.Printing;

/// <summary>Tables and text for people: with colour and moving parts on a terminal, plain and never cut elsewhere. Not thread-safe.</summary>
internal sealed class Screen
{
    /// <summary>Wide enough for a key of 1,024 bytes: what goes to a file or a pipe is not wrapped.</summary>
    private const int RedirectedWidth = 8192;

    private readonly bool _isTerminal;

    private Screen(TextWriter writer, bool isTerminal, CommandContext context)
    {
        _isTerminal = isTerminal;
        bool isMoving = isTerminal && !context.IsPlainTerminal;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isMoving ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isTerminal && context.MayColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isMoving ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            Console.Profile.Width = RedirectedWidth;
        }
    }

    /// <summary>What lies below.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether parts of it can be written anew.</summary>
    public bool IsMoving => Console.Profile.Capabilities.Interactive;

    /// <summary>The screen of results.</summary>
    public static Screen OfOutput(CommandContext context) => new(context.Output, context.IsOutputTerminal, context);

    /// <summary>The screen of progress.</summary>
    public static Screen OfError(CommandContext context) => new(context.Error, context.IsErrorTerminal, context);

    /// <summary>Text from anywhere as one cell or line.</summary>
    public static IRenderable Plain(string text) => new Text(Printable.Of(text));

    /// <summary>An empty table.</summary>
    /// <param name="columns">Headings; those that begin with <c>#</c> are of numbers.</param>
    public Table NewTable(params string[] columns)
    {
        Table table = new() { Border = _isTerminal ? TableBorder.Simple : TableBorder.None, ShowHeaders = columns.Any(column => column.Length > 0) };
        foreach (string column in columns)
        {
            bool isNumber = column.StartsWith('#');
            table.AddColumn(new TableColumn(new Text(isNumber ? column[1..] : column, new Style(decoration: Decoration.Bold)))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                NoWrap = isNumber,
                Padding = new Padding(_isTerminal ? 1 : 0, 0, _isTerminal ? 1 : 2, 0),
            });
        }

        return table;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static void AddRow(Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(Plain));

    /// <summary>A table of names and values; null values are left out.</summary>
    public Table Facts(params IEnumerable<(string Name, string? Value)> facts)
    {
        Table table = NewTable("", "");
        foreach ((string name, string? value) in facts)
        {
            if (value is not null)
            {
                AddRow(table, name, value);
            }
        }

        return table;
    }

    /// <summary>A heading.</summary>
    public static IRenderable Heading(string text) => new Text(Printable.Of(text), new Style(decoration: Decoration.Bold));

    /// <summary>Writes a line of text from anywhere.</summary>
    public void Line(string text) => Console.WriteLine(Printable.Of(text));

    /// <summary>Writes parts below one another.</summary>
    public void Write(params IEnumerable<IRenderable> parts)
    {
        bool isFirst = true;
        foreach (IRenderable part in parts)
        {
            if (part is Text && !isFirst && !_isTerminal)
            {
                Console.WriteLine();
            }

            isFirst = false;
            Console.Write(part);
            if (part is Text)
            {
                Console.WriteLine();
            }
        }
    }
}

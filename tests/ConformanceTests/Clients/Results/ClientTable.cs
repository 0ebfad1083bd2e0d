using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>
/// The matrix as a table of Markdown between two marks of a document: operations down, clients across, what there is to say of a cell in a footnote. Versions stand in
/// the document for readers; they differ among machines and are not compared.
/// </summary>
internal static partial class ClientTable
{
    private const string Begin = "<!-- made by the client matrix -->";
    private const string End = "<!-- end of what the client matrix made -->";
    private const string VersionRow = "version";

    /// <summary>The document with its table replaced by one of these columns.</summary>
    public static string Replace(string document, IReadOnlyList<ClientColumn> columns)
    {
        (int begin, int end) = FindTable(document);
        return $"{document[..begin]}\n{Write(columns)}{document[end..]}";
    }

    /// <summary>The table and its footnotes. All columns have the operations of the first, in its order.</summary>
    public static string Write(IReadOnlyList<ClientColumn> columns)
    {
        List<string> notes = [];
        StringBuilder text = new();
        AppendHead(text, columns);
        AppendRow(text, [VersionRow, .. columns.Select(column => column.Version)]);
        foreach (string operation in OperationsOf(columns))
        {
            AppendRow(text, [operation, .. columns.Select(column => WriteCell(column.Cells[operation], notes))]);
        }

        text.Append('\n');
        for (int index = 0; index < notes.Count; index++)
        {
            text.Append($"[^{index + 1}]: {notes[index]}.\n");
        }

        return text.ToString();
    }

    /// <summary>A table of the seconds each cell took.</summary>
    public static string WriteTimes(IReadOnlyList<ClientColumn> columns)
    {
        StringBuilder text = new();
        AppendHead(text, columns);
        foreach (string operation in OperationsOf(columns))
        {
            AppendRow(text, [operation, .. columns.Select(column => column.Cells[operation].Elapsed.TotalSeconds.ToString("f1", CultureInfo.InvariantCulture))]);
        }

        return text.ToString();
    }

    /// <summary>The column of a client as the document has it: operation to cell. Empty when the client is not in it.</summary>
    public static IReadOnlyDictionary<string, Cell> ReadColumn(string document, string client)
    {
        (int begin, int end) = FindTable(document);
        string[] lines = document[begin..end].Split('\n');
        Dictionary<string, string> notes = lines.Select(line => Footnote().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["number"].Value, match => match.Groups["text"].Value);
        string[][] rows = [.. lines.Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
        int index = rows.Length == 0 ? -1 : Array.IndexOf(rows[0], client);
        return index < 0
            ? new Dictionary<string, Cell>()
            : rows.Skip(2).Where(row => row[0] != VersionRow).ToDictionary(row => row[0], row => ReadCell(row[index], notes));
    }

    [GeneratedRegex(@"^\[\^(?<number>\d+)\]: (?<text>.*)\.$", RegexOptions.ExplicitCapture)]
    private static partial Regex Footnote();

    [GeneratedRegex(@"^(?<word>[^\[]+?)(\[\^(?<number>\d+)\])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex CellText();

    private static (int Begin, int End) FindTable(string document)
    {
        int begin = document.IndexOf(Begin, StringComparison.Ordinal);
        int end = document.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin ? throw new FormatException($"The document lacks '{Begin}' followed by '{End}'.") : (begin + Begin.Length + 1, end);
    }

    private static IEnumerable<string> OperationsOf(IReadOnlyList<ClientColumn> columns) => columns.Count == 0 ? [] : columns[0].Cells.Keys;

    private static void AppendHead(StringBuilder text, IReadOnlyList<ClientColumn> columns)
    {
        AppendRow(text, ["", .. columns.Select(column => column.Client)]);
        AppendRow(text, ["---", .. columns.Select(_ => "---")]);
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string WriteCell(Cell cell, List<string> notes)
    {
        string word = cell.Outcome switch
        {
            CellOutcome.Ok => "ok",
            CellOutcome.NotOffered => "n/a",
            _ => "failed",
        };
        if (cell.Note is not { } note)
        {
            return word;
        }

        // One line, and nothing that would end the cell or the note.
        note = note.ReplaceLineEndings(" ").TrimEnd('.');
        if (!notes.Contains(note))
        {
            notes.Add(note);
        }

        return $"{word}[^{notes.IndexOf(note) + 1}]";
    }

    private static Cell ReadCell(string text, Dictionary<string, string> notes)
    {
        Match match = CellText().Match(text);
        CellOutcome outcome = match.Groups["word"].Value switch
        {
            "ok" => CellOutcome.Ok,
            "n/a" => CellOutcome.NotOffered,
            _ => CellOutcome.Failed,
        };
        return new Cell(outcome, match.Groups["number"].Success ? notes.GetValueOrDefault(match.Groups["number"].Value) : null);
    }
}

namespace S3Proxy.ConformanceTests.Clients.Results;

public sealed class ClientTableTests
{
    private const string Document = "Before\n<!-- made by the client matrix -->\nold\n<!-- end of what the client matrix made -->\nAfter\n";

    private static readonly ClientColumn First = new("one", "1.0", new Dictionary<string, Cell>
    {
        ["put"] = new(CellOutcome.Ok, null),
        ["get"] = new(CellOutcome.Ok, "not `..`"),
        ["list"] = new(CellOutcome.Failed, "Oops.\nIt broke"),
    });

    private static readonly ClientColumn Second = new("two", "2.0", new Dictionary<string, Cell>
    {
        ["put"] = new(CellOutcome.NotOffered, "not `..`"),
        ["get"] = new(CellOutcome.NotOffered, "reads nothing"),
        ["list"] = new(CellOutcome.Ok, null),
    });

    [Fact]
    public void What_is_written_reads_the_same()
    {
        string document = ClientTable.Replace(Document, [First, Second]);

        Assert.Equal(Second.Cells, ClientTable.ReadColumn(document, "two"));
        Assert.Equal(new Cell(CellOutcome.Failed, "Oops. It broke"), ClientTable.ReadColumn(document, "one")["list"]);
        Assert.Equal(First.Cells["get"], ClientTable.ReadColumn(document, "one")["get"]);
        Assert.Empty(ClientTable.ReadColumn(document, "three"));
    }

    [Fact]
    public void Only_what_stands_between_the_marks_is_replaced()
    {
        string once = ClientTable.Replace(Document, [First, Second]);

        Assert.StartsWith("Before\n", once, StringComparison.Ordinal);
        Assert.EndsWith("\nAfter\n", once, StringComparison.Ordinal);
        Assert.DoesNotContain("old", once, StringComparison.Ordinal);
        Assert.Equal(once, ClientTable.Replace(once, [First, Second]));
        Assert.Throws<FormatException>(() => ClientTable.Replace("Before", [First]));
    }

    [Fact]
    public void The_same_note_is_written_once()
    {
        string table = ClientTable.Write([First, Second]);

        Assert.Contains("| put | ok | n/a[^1] |", table, StringComparison.Ordinal);
        Assert.Contains("| get | ok[^1] | n/a[^2] |", table, StringComparison.Ordinal);
        Assert.Equal(1, table.Split("not `..`").Length - 1);
    }
}

using System.Collections.Concurrent;
using S3Proxy.ConformanceTests.Clients.Operations;

namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>The columns of this run, and the document that has those of the last one written down. Thread-safe.</summary>
internal sealed class SeenColumns
{
    /// <summary>Set to anything, it has the document rewritten at the end.</summary>
    private const string WriteVariable = "S3PROXY_WRITE_CLIENTS";

    private static readonly string Document = Repository.PathOf("docs/clients.md");
    private readonly ConcurrentDictionary<string, ClientColumn> _columns = new();

    public static bool IsWriting => Environment.GetEnvironmentVariable(WriteVariable) is not null;

    public void Add(ClientColumn column) => _columns[column.Client] = column;

    /// <summary>Fails unless the document says of this client what was seen.</summary>
    public static void ExpectDocumented(ClientColumn column)
    {
        IReadOnlyDictionary<string, Cell> documented = ClientTable.ReadColumn(File.ReadAllText(Document), column.Client);
        string[] differences =
        [
            .. MatrixOperations.All.Select(operation => operation.Name).Where(name => !column.Cells[name].Equals(documented.GetValueOrDefault(name)))
                .Select(name => $"{name}: seen {column.Cells[name]}, documented {documented.GetValueOrDefault(name)}"),
        ];
        Assert.True(
            differences.Length == 0 && documented.Count == column.Cells.Count,
            $"docs/clients.md says something else of {column.Client}; {WriteVariable}=1 writes it anew.\n{string.Join('\n', differences)}");
    }

    /// <summary>Writes the document when the environment says so and every client was there.</summary>
    public void WriteIfAsked()
    {
        ClientColumn[] columns = [.. ClientKinds.All.Where(kind => _columns.ContainsKey(kind.Name)).Select(kind => _columns[kind.Name])];
        if (IsWriting && columns.Length == ClientKinds.All.Count)
        {
            string[] operations = [.. MatrixOperations.All.Select(operation => operation.Name)];
            File.WriteAllText(Document, ClientTable.Replace(File.ReadAllText(Document), operations, columns));
        }
    }
}

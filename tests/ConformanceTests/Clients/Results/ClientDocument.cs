using S3Proxy.Testing;

namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>docs/clients.md, which has what was seen last.</summary>
internal static class ClientDocument
{
    /// <summary>Set to anything, it has the document written anew.</summary>
    public const string WriteVariable = "S3PROXY_WRITE_CLIENTS";

    private static readonly string Document = Repository.PathOf("docs/clients.md");

    /// <summary>Writes what was seen, when the environment says so and no client was left out.</summary>
    public static void WriteIfAsked(IReadOnlyList<ClientColumn> columns)
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) is not null && columns.Count == ClientKinds.All.Count)
        {
            File.WriteAllText(Document, ClientTable.Replace(File.ReadAllText(Document), columns));
        }
    }

    /// <summary>Where the document says something else of a client than was seen.</summary>
    public static IEnumerable<string> FindDifferences(ClientColumn column)
    {
        IReadOnlyDictionary<string, Cell> documented = ClientTable.ReadColumn(File.ReadAllText(Document), column.Client);
        return column.Cells.Keys.Union(documented.Keys).Where(operation => !Equals(column.Cells.GetValueOrDefault(operation), documented.GetValueOrDefault(operation)))
            .Select(operation => $"{column.Client}, {operation}: seen {Describe(column.Cells, operation)}, documented {Describe(documented, operation)}");
    }

    private static string Describe(IReadOnlyDictionary<string, Cell> cells, string operation) => cells.GetValueOrDefault(operation)?.ToString() ?? "nothing";
}

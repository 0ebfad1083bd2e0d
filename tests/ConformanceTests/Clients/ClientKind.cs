namespace S3Proxy.ConformanceTests.Clients;

/// <summary>One column of the matrix.</summary>
internal sealed record ClientKind
{
    /// <summary>As the table's head has it.</summary>
    public required string Name { get; init; }

    /// <summary>What it takes, as a name for buckets.</summary>
    public required string Slug { get; init; }

    /// <summary>Which version runs here, or null when the client is not installed. The argument is a directory of its own.</summary>
    public required Func<string, Task<string?>> FindVersionAsync { get; init; }

    /// <summary>Why <see cref="FindVersionAsync"/> may find none, and what to do about it.</summary>
    public required string Missing { get; init; }

    /// <summary>Opens it. Directories are its own and are deleted by the caller.</summary>
    public required Func<ClientAccess, string, Task<IMatrixClient>> OpenAsync { get; init; }

    public override string ToString() => Name;
}

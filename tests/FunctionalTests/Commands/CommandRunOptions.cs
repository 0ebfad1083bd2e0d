namespace S3Proxy.FunctionalTests.Commands;

/// <summary>What is around a command.</summary>
internal sealed record CommandRunOptions
{
    /// <summary>All its variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Its standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Whether a person looks at it.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>As if somebody pressed Ctrl-C.</summary>
    public CancellationToken Interrupt { get; init; }

    /// <summary>As if somebody pressed Ctrl-C when a word has been written so often; null for never.</summary>
    public (string Word, int Times)? InterruptAfter { get; init; }
}

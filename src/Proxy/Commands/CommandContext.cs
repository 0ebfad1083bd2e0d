namespace S3Proxy.Commands;

/// <summary>What a command has of the world around it. Immutable.</summary>
/// <param name="Output">Gets results, and nothing else.</param>
/// <param name="Error">Gets what is wrong, and progress.</param>
/// <param name="Environment">Variables.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Opens standard input.</summary>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether a person looks at <see cref="Output"/>.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether a person looks at <see cref="Error"/>.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>The only clock used.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>False where <c>NO_COLOR</c> is set (no-color.org) or the terminal says that it is a plain one.</summary>
    public bool MayColour => Variable("NO_COLOR") is null && !IsPlainTerminal;

    /// <summary>Whether the terminal cannot move its cursor.</summary>
    public bool IsPlainTerminal => Variable("TERM") == "dumb";

    /// <summary>A variable that is set; null also for one that is set to nothing.</summary>
    public string? Variable(string name) => Environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}

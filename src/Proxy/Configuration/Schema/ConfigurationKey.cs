namespace S3Proxy.Configuration.Schema;

/// <summary>
/// One key of the configuration: a row of the table that drives the check of the file and its documentation. Immutable.
/// </summary>
/// <param name="Pattern">Path of the key; <c>*</c> stands for a name the user chooses, <c>[]</c> for the items of a list.</param>
/// <param name="Kind">What its value must be.</param>
/// <param name="Default">Value used when the key is absent, as it would be written; null when there is none.</param>
/// <param name="Description">What it does, with the meaning of zero and absent.</param>
internal sealed record ConfigurationKey(string Pattern, ValueKind Kind, string? Default, string Description)
{
    /// <summary>Allowed words of a <see cref="ValueKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Smallest and largest value as they would be written; null for kinds without an order.</summary>
    public (string Least, string Most)? Range { get; init; }

    /// <summary>
    /// True for a part of the design that is not built yet: the mapping is refused, a boolean may only be false, a duration only zero.
    /// </summary>
    public bool IsNotAvailable { get; init; }

    /// <summary>True for what is fixed when the process starts: a reload that changes it is refused. For a mapping, whether it is there at all.</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>True for a key that is not secret itself, but names a file or a variable that holds what is.</summary>
    public bool LeadsToSecret { get; init; }

    /// <summary>True for what nobody may be told, once it is read.</summary>
    public bool IsSecret => Kind == ValueKind.Secret || LeadsToSecret;

    /// <summary>What to say when the key is missing; null for a key that may be.</summary>
    public string? MissingMessage { get; init; }
}

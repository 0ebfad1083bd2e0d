namespace S3Proxy.ConformanceTests.Differential;

/// <summary>One call and its two answers.</summary>
/// <param name="Group">The table it stands in.</param>
/// <param name="Call">The call as the table has it.</param>
/// <param name="Style">Where it named its bucket.</param>
/// <param name="State">What the cache knew: <c>cold</c>, <c>again</c>, <c>warm</c>, or empty where that plays no part.</param>
/// <param name="Direct">Without the proxy.</param>
/// <param name="Proxied">With it.</param>
internal sealed record Exchange(string Group, S3Call Call, AddressStyle Style, string State, S3Answer Direct, S3Answer Proxied)
{
    /// <summary>True for an error document.</summary>
    public bool AreErrors => Direct.Status >= 400 && Proxied.Status >= 400;

    /// <summary>The error code both answers have, or null.</summary>
    public string? ErrorCode => CodeOf(Direct) is { } code && code == CodeOf(Proxied) ? code : null;

    public override string ToString() => $"{Group}: {Call}{(State.Length == 0 ? "" : $" [{State}]")}";

    private static string? CodeOf(S3Answer answer)
    {
        string text = answer.Text;
        int start = text.IndexOf("<Code>", StringComparison.Ordinal) + "<Code>".Length;
        int end = text.IndexOf("</Code>", StringComparison.Ordinal);
        return end > start ? text[start..end] : null;
    }
}

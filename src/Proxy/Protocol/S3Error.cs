namespace S3Proxy.Protocol;

/// <summary>An S3 error: the code, which fixes the status, and a message that tells what to do.</summary>
/// <param name="Code">S3's code.</param>
/// <param name="Message">One sentence for the person who reads it. Never holds a secret.</param>
internal sealed record S3Error(S3ErrorCode Code, string Message)
{
    /// <summary>Further elements of the XML body, such as <c>RangeRequested</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];
}

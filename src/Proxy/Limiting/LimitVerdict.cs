using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Limiting;

/// <summary>Whether a request may go on. Immutable.</summary>
/// <param name="Entry">Who to tell when the request has ended; null when it is refused.</param>
/// <param name="Kind">What refuses it.</param>
/// <param name="RetryAfter">When it may be tried again, for a refused one.</param>
internal readonly record struct LimitVerdict(LimitEntry? Entry, LimitKind Kind, TimeSpan RetryAfter)
{
    [MemberNotNullWhen(true, nameof(Entry))]
    public bool IsAllowed => Entry is not null;
}

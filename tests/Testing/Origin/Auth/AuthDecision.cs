using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Auth;

/// <summary>Whether a request may go on.</summary>
/// <param name="Refusal">Null when it may.</param>
/// <param name="Message">What is wrong, in place of the usual text.</param>
/// <param name="IsAnonymous">Accepted without a signature although keys are configured.</param>
/// <param name="Details">Further elements of the error document.</param>
internal readonly record struct AuthDecision(
    OriginErrorCode? Refusal, string? Message = null, bool IsAnonymous = false, IReadOnlyList<(string Name, string Value)>? Details = null)
{
    public static AuthDecision Accepted { get; } = new(null);

    public static AuthDecision Refused(OriginErrorCode code, string? message = null, params IReadOnlyList<(string Name, string Value)> details) =>
        new(code, message, false, details);
}

namespace S3Proxy.Auth;

/// <summary>The fields of a form that sign its policy, as sent; null where one is missing.</summary>
/// <param name="Policy">The policy in base64, which is what is signed.</param>
/// <param name="Algorithm"><c>x-amz-algorithm</c>.</param>
/// <param name="Credential"><c>x-amz-credential</c>.</param>
/// <param name="Timestamp"><c>x-amz-date</c>.</param>
/// <param name="Signature"><c>x-amz-signature</c>.</param>
internal sealed record PolicySignature(string Policy, string? Algorithm, string? Credential, string? Timestamp, string? Signature);

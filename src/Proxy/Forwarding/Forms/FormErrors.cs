using System.Globalization;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>Why a form is refused, with the codes S3 uses for it (S3 API Reference, "POST Object").</summary>
internal static class FormErrors
{
    public static S3Error NoLength { get; } = new(S3ErrorCode.MissingContentLength, "You must provide the Content-Length HTTP header with a form.");

    public static S3Error TooManyFieldBytes { get; } = new(
        S3ErrorCode.MaxPostPreDataLengthExceededError,
        $"Your POST request fields preceding the upload file were too large: at most {FormFieldReader.MaxBytes} bytes and {FormFieldReader.MaxFields} fields.");

    public static S3Error NoFile { get; } = new(S3ErrorCode.InvalidArgument, "POST requires exactly one file upload per request: a field named file, the last of the form.")
    {
        Details = [new("ArgumentName", "file"), new("ArgumentValue", "0")],
    };

    public static S3Error NoKey { get; } = new(
        S3ErrorCode.UserKeyMustBeSpecified,
        "The bucket POST must contain a field named 'key'. If it is specified, check the order of the fields: it must come before the file.");

    public static S3Error NoPolicy { get; } = new(
        S3ErrorCode.AccessDenied, "Access Denied: sign the form with an access key of this proxy (fields policy, x-amz-algorithm, x-amz-credential, x-amz-date, x-amz-signature).");

    public static S3Error PolicyExpired { get; } = AgainstPolicy("Policy expired.");

    public static S3Error Malformed(string reason) => new(S3ErrorCode.MalformedPOSTRequest, $"The body of your POST request is not well-formed multipart/form-data: {reason}.");

    public static S3Error BadField(string name, string reason) => new(S3ErrorCode.InvalidArgument, $"The form field {name} {reason}.")
    {
        Details = [new("ArgumentName", name)],
    };

    public static S3Error BadPolicy(string reason) => new(S3ErrorCode.InvalidPolicyDocument, $"Invalid Policy: {reason}.");

    public static S3Error AgainstPolicy(string reason) => new(S3ErrorCode.AccessDenied, $"Invalid according to Policy: {reason}");

    public static S3Error TooLarge(long proposedBytes, long maxBytes) => new(S3ErrorCode.EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
    {
        Details = [new("ProposedSize", Text(proposedBytes)), new("MaxSizeAllowed", Text(maxBytes))],
    };

    public static S3Error TooSmall(long proposedBytes, long minBytes) => new(S3ErrorCode.EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size")
    {
        Details = [new("ProposedSize", Text(proposedBytes)), new("MinSizeAllowed", Text(minBytes))],
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>Carries the refusal of a body through whoever reads it, YARP's forwarder among them.</summary>
internal sealed class UploadRefusedException(S3Error error) : IOException($"{error.Code}: {error.Message}")
{
    public S3Error Error { get; } = error;
}

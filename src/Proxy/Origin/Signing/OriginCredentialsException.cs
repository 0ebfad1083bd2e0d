namespace S3Proxy.Origin.Signing;

/// <summary>No valid credentials for an origin could be had. The message tells what to check and holds no secret.</summary>
internal sealed class OriginCredentialsException : Exception
{
    public OriginCredentialsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

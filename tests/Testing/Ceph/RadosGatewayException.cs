namespace S3Proxy.Testing.Ceph;

/// <summary>The gateway did not come up; the message has the last lines of the logs.</summary>
public sealed class RadosGatewayException : Exception
{
    public RadosGatewayException()
    {
    }

    public RadosGatewayException(string message)
        : base(message)
    {
    }

    public RadosGatewayException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

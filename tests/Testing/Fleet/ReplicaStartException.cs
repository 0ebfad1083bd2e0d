namespace S3Proxy.Testing.Fleet;

/// <summary>A replica could not be started; the message has what it wrote.</summary>
public sealed class ReplicaStartException : Exception
{
    public ReplicaStartException()
    {
    }

    public ReplicaStartException(string message)
        : base(message)
    {
    }

    public ReplicaStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

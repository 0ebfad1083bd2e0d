namespace S3Proxy.Coalescing.Batching;

/// <summary>A request was refused because as many wait or are under way as <see cref="BatcherOptions.MaxBatchItems"/> allows. It was not sent.</summary>
public sealed class BatcherFullException : Exception
{
    /// <summary>Made by the batcher, with the bound that was reached.</summary>
    public BatcherFullException(int maxBatchItems)
        : base(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The batcher refused a request: {maxBatchItems} (maxBatchItems) are waiting or under way."))
    {
    }

    /// <summary>Made with a message of its own.</summary>
    public BatcherFullException(string message)
        : base(message)
    {
    }

    /// <summary>Made with a message and a cause.</summary>
    public BatcherFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Made with no more than the type says.</summary>
    public BatcherFullException()
    {
    }
}

namespace S3Proxy.Coalescing.Batching;

/// <summary>What one request of a batch came to: a result, or the error of this request alone. Immutable.</summary>
/// <typeparam name="TResult">Type of a result.</typeparam>
public readonly record struct BatchResult<TResult>
{
    private readonly TResult? _result;

    internal BatchResult(TResult? result, Exception? error)
    {
        _result = result;
        Error = error;
    }

    /// <summary>Null for a result.</summary>
    public Exception? Error { get; }

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">The request failed; the inner exception says why.</exception>
    public TResult Result => Error is null ? _result! : throw new InvalidOperationException("This request of the batch failed and has no result.", Error);
}

/// <summary>Makes results of single requests.</summary>
public static class BatchResult
{
    /// <summary>The request has this result.</summary>
    public static BatchResult<TResult> Of<TResult>(TResult result) => new(result, null);

    /// <summary>The request failed, and no other with it.</summary>
    public static BatchResult<TResult> Failed<TResult>(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(default, error);
    }
}

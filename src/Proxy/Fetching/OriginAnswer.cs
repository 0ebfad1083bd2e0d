using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>An origin's response whose headers have arrived. Owned by one reader; disposing it ends the transfer.</summary>
internal sealed class OriginAnswer(int status, HeaderField[] headers, Stream body, IDisposable? transfer, object? sender = null) : IDisposable
{
    private readonly List<IDisposable> _owned = new(1);

    public int Status { get; } = status;

    /// <summary>All headers, those of the content included.</summary>
    public HeaderField[] Headers { get; } = headers;

    /// <summary>The raw body. A transfer that is cut short throws from its reads.</summary>
    public Stream Body { get; } = body;

    /// <summary>Whatever the reader that gave this answer needs to know who sent it.</summary>
    public object? Sender { get; } = sender;

    /// <summary>Has <paramref name="owned"/> disposed of with this answer. Before the answer is given to its reader.</summary>
    public void OnDispose(IDisposable owned) => _owned.Add(owned);

    /// <summary>The first value of a header, or null.</summary>
    public string? Find(string name)
    {
        foreach (HeaderField field in Headers)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value.Count > 0 ? field.Value[0] : null;
            }
        }

        return null;
    }

    public void Dispose()
    {
        Body.Dispose();
        transfer?.Dispose();
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }
}

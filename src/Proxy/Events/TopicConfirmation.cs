namespace S3Proxy.Events;

/// <summary>Confirms subscriptions by HTTPS. Follows no redirect and reads no body. Thread-safe.</summary>
internal sealed class TopicConfirmation : ITopicConfirmation, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Limit }) { Timeout = Limit };

    /// <summary>Where a subscription to a topic may be confirmed: at SNS in the topic's region and nowhere else. Null for any other URL.</summary>
    public static Uri? Check(string? url, string topicArn)
    {
        string region = topicArn.Split(':') is [_, _, _, { } third, ..] ? third : "";
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            && uri is { Scheme: "https", IsDefaultPort: true, UserInfo.Length: 0 }
            && string.Equals(uri.Host, $"sns.{region}.amazonaws.com", StringComparison.OrdinalIgnoreCase) ? uri : null;
    }

    public async Task<bool> ConfirmAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();
}

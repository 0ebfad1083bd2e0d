namespace S3Proxy.Events;

/// <summary>Confirms subscriptions to SNS topics. Thread-safe.</summary>
internal interface ITopicConfirmation
{
    /// <summary>Asks for a URL that has been checked; false when SNS did not answer with success.</summary>
    Task<bool> ConfirmAsync(Uri url, CancellationToken cancellationToken);
}

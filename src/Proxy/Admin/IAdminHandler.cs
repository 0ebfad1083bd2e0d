namespace S3Proxy.Admin;

/// <summary>Answers one path of the admin port. Thread-safe.</summary>
internal interface IAdminHandler
{
    /// <summary>Answers a request that was let in and has one of the path's methods.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rest">What follows the path of a route that takes a name; empty for all others.</param>
    /// <param name="cancellationToken">Cancelled when the client has left.</param>
    Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken);
}

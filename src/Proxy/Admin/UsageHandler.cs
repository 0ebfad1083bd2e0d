namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/stats</c> (requirement K2).</summary>
internal sealed class UsageHandler(UsageDocument usage) : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        Task.FromResult(AdminAnswer.Json(StatusCodes.Status200OK, usage.Write()));
}

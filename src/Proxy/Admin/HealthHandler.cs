namespace S3Proxy.Admin;

/// <summary>Answers <c>/healthz</c>: the process runs and can answer.</summary>
internal sealed class HealthHandler : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        Task.FromResult(AdminAnswer.Text(StatusCodes.Status200OK, "ok"));
}

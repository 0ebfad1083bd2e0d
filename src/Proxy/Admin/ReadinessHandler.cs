namespace S3Proxy.Admin;

/// <summary>Answers <c>/readyz</c>: whether new requests should be sent here (requirement R2).</summary>
internal sealed class ReadinessHandler(ReadinessState readiness) : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) => Task.FromResult(readiness.IsReady
        ? AdminAnswer.Text(StatusCodes.Status200OK, "ready")
        : AdminAnswer.Text(StatusCodes.Status503ServiceUnavailable, readiness.IsStopping ? "stopping" : "starting"));
}

using S3Proxy.Warming;

namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/warm/ID</c> (requirement C8): GET tells how far a warm-up has come, DELETE ends it.</summary>
internal sealed class WarmJobHandler(WarmJobs jobs) : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        if (jobs.Find(rest) is not { } job)
        {
            return Task.FromResult(AdminAnswer.Refusal(
                StatusCodes.Status404NotFound, "There is no such warm-up.", $"GET /admin/warm lists them; the last {WarmJobs.MaxOver} that ended are remembered until the process ends."));
        }

        if (HttpMethods.IsDelete(request.Method))
        {
            job.Cancel();
        }

        return Task.FromResult(AdminAnswer.Json(StatusCodes.Status200OK, json => WarmDocument.Write(json, job)));
    }
}

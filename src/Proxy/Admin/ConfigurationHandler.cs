using S3Proxy.Reloading;

namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/config</c>: the configuration in use, without its secrets (requirement A5).</summary>
internal sealed class ConfigurationHandler(CurrentSnapshot current) : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        Task.FromResult(AdminAnswer.Json(StatusCodes.Status200OK, json => ConfigurationDocument.Write(json, current.Configuration)));
}

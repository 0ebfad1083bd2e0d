namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/flights</c> (requirement O5).</summary>
internal sealed class FlightsHandler(FlightsDocument flights) : IAdminHandler
{
    /// <inheritdoc/>
    public Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        Task.FromResult(AdminAnswer.Json(StatusCodes.Status200OK, flights.Write));
}

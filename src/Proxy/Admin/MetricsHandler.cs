using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Admin;

/// <summary>Answers <c>/metrics</c> (requirement O3).</summary>
internal sealed class MetricsHandler(MetricsScraper metrics) : IAdminHandler
{
    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken) =>
        await metrics.ScrapeAsync(cancellationToken) is { } text
            ? new AdminAnswer(StatusCodes.Status200OK, text, MetricsScraper.ContentType)
            : AdminAnswer.Text(StatusCodes.Status503ServiceUnavailable, "The metrics cannot be collected, the proxy is stopping.\n");
}

using S3Proxy.Telemetry.Prometheus;

namespace S3Proxy.Admin;

/// <summary>Answers <c>/admin/overview</c> (requirement O5) from one scrape of the metrics, so that its numbers are those of <c>/metrics</c>.</summary>
internal sealed class OverviewHandler(MetricsScraper metrics, OverviewDocument overview) : IAdminHandler
{
    /// <inheritdoc/>
    public async Task<AdminAnswer> AnswerAsync(HttpRequest request, string rest, CancellationToken cancellationToken)
    {
        if (await metrics.ScrapeAsync(cancellationToken) is not { } text)
        {
            return AdminAnswer.Refusal(StatusCodes.Status503ServiceUnavailable, "The metrics cannot be collected.", "The proxy is stopping; ask another replica.");
        }

        PrometheusSamples samples = PrometheusSamples.Parse(text);
        return AdminAnswer.Json(StatusCodes.Status200OK, json => overview.Write(json, samples));
    }
}

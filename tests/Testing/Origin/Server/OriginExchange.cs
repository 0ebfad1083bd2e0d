using Microsoft.AspNetCore.Http;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>One request and its response on their way through the server. Belongs to one request.</summary>
internal sealed class OriginExchange(HttpContext http)
{
    public HttpContext Http { get; } = http;

    /// <summary>Null until the request was counted.</summary>
    public OriginRequest? Record { get; set; }

    /// <summary>What the pipeline found; <see cref="OriginRequestOutcome.Active"/> when it did not come to an end.</summary>
    public OriginRequestOutcome Outcome { get; set; }
}

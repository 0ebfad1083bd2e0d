namespace S3Proxy.Pipeline;

/// <summary>Connection feature that carries the <see cref="ListenerRole"/>.</summary>
internal sealed record ListenerFeature(ListenerRole Role);

namespace S3Proxy.Configuration;

/// <summary>How telemetry is sent (OTLP specification 1.x, "Protocol Details").</summary>
internal enum OtlpProtocol
{
    /// <summary>OTLP/gRPC.</summary>
    Grpc,

    /// <summary>OTLP/HTTP with binary Protobuf, to <c>/v1/metrics</c> and <c>/v1/traces</c>.</summary>
    Http,
}

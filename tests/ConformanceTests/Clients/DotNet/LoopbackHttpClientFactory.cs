using Amazon.Runtime;

namespace S3Proxy.ConformanceTests.Clients.DotNet;

/// <summary>HTTP clients of the SDK that find every name on 127.0.0.1.</summary>
internal sealed class LoopbackHttpClientFactory : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => Loopback.CreateClient();

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}

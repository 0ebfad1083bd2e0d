using S3Proxy.Testing;

namespace S3Proxy.Tests.Events;

/// <summary>What senders post, one file each, in the form that their documentation gives.</summary>
internal static class EventDocuments
{
    public static byte[] Read(string name) => File.ReadAllBytes(Repository.PathOf($"tests/Proxy.Tests/Events/Documents/{name}.json"));
}

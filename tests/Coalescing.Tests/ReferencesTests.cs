using System.Reflection;

namespace S3Proxy.Coalescing.Tests;

public sealed class ReferencesTests
{
    [Fact]
    public void The_library_knows_neither_http_nor_s3_nor_redis()
    {
        string[] references = [.. typeof(SharedBody).Assembly.GetReferencedAssemblies().Select((AssemblyName name) => name.Name!)];

        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain("System.Net.Http", references);
    }
}

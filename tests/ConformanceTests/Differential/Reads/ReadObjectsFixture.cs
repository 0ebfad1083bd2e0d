namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>Makes the objects of the read tables once for all tests of a class.</summary>
public sealed class ReadObjectsFixture
{
    private OpaqueValues? _values;

    internal async Task<OpaqueValues> PrepareAsync(S3Side direct) => _values ??= await ReadObjects.PrepareAsync(direct);
}

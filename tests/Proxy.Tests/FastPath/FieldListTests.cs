using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using S3Proxy.FastPath;

namespace S3Proxy.Tests.FastPath;

/// <summary>It does what the framework's own collection of headers does.</summary>
public sealed class FieldListTests
{
    /// <summary>The same calls on both, in no order; what they show must be the same but for the order of the fields.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_behaves_as_a_dictionary(int seed)
    {
        Random random = new(seed);
        FieldList fields = [];
        HeaderDictionary expected = [];
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"name{i % 20}").Select((name, i) => i < 20 ? name : name.ToUpperInvariant())];
        for (int i = 0; i < 5000; i++)
        {
            string name = names[random.Next(names.Length)];
            StringValues value = random.Next(4) == 0 ? StringValues.Empty : new StringValues([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"{random.Next(9)}")]);
            switch (random.Next(60))
            {
                case 0:
                    ((IHeaderDictionary)fields).Clear();
                    expected.Clear();
                    break;
                case < 30:
                    fields[name] = value;
                    expected[name] = value;
                    break;
                case < 40:
                    Assert.Equal(expected.Remove(name), fields.Remove(name));
                    break;
                case < 45:
                    Assert.Equal(Record.Exception(() => expected.Add(name, "x"))?.GetType(), Record.Exception(() => fields.Add(name, "x"))?.GetType());
                    break;
                default:
                    Assert.Equal((expected.TryGetValue(name, out StringValues there), there), (fields.TryGetValue(name, out StringValues found), found));
                    Assert.Equal(expected[name], fields[name]);
                    break;
            }

            Assert.Equal(Sorted(expected), Sorted(fields));
            Assert.Equal(expected.Count, fields.Count);
        }
    }

    [Fact]
    public void Typed_headers_are_there()
    {
        IHeaderDictionary fields = new FieldList();
        fields.ContentLength = 5;
        fields.Range = "bytes=0-1";
        Assert.Equal(("5", 5L, "bytes=0-1"), ((string?)fields["content-length"], fields.ContentLength, (string?)fields.Range));
        fields.ContentLength = null;
        Assert.Equal((1, false), (fields.Count, fields.ContainsKey("Content-Length")));
        Assert.Throws<KeyNotFoundException>(() => ((IDictionary<string, StringValues>)fields)["absent"]);
    }

    private static string Sorted(IHeaderDictionary fields) => string.Join('\n', fields.Select(field => $"{field.Key.ToUpperInvariant()}={field.Value}").Order(StringComparer.Ordinal));
}

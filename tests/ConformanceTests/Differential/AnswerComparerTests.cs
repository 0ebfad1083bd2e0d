using System.Text;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>The comparison sees what it should and nothing else.</summary>
public sealed class AnswerComparerTests
{
    [Fact]
    public void Equal_answers_differ_in_nothing_but_what_is_of_the_moment() =>
        Assert.Empty(Compare(Answer(200, "body", ("ETag", "\"a\""), ("Date", "now"), ("x-amz-request-id", "1")), Answer(200, "body", ("etag", "\"a\""), ("x-cache", "HIT"))));

    [Fact]
    public void Status_headers_and_bodies_are_told_apart()
    {
        string[] fields = Fields(Answer(200, "body", ("ETag", "\"a\""), ("x-amz-meta-gone", "1")), Answer(206, "bodY", ("ETag", "\"b\""), ("x-amz-meta-new", "1")));

        Assert.Equal(["status", "header etag", "header x-amz-meta-gone", "header x-amz-meta-new", "body"], fields);
    }

    [Fact]
    public void Xml_is_compared_by_its_elements()
    {
        Assert.Empty(Compare(Xml("<E><Code>A</Code><RequestId>1</RequestId></E>"), Xml("<E>\n<Code>A</Code><RequestId>22</RequestId></E>")));
        Assert.Equal(["xml Code", "xml More"], Fields(Xml("<E><Code>A</Code></E>"), Xml("<E><Code>B</Code><More/></E>")));
        Assert.Equal(["xml Key"], Fields(Xml("<L><Key>a</Key><Key>b</Key></L>"), Xml("<L><Key>b</Key><Key>a</Key></L>")));
        Assert.Equal(["xml root"], Fields(Xml("<E/>"), Xml("<F/>")));
    }

    [Fact]
    public void Long_bodies_are_compared_byte_by_byte()
    {
        string body = new('a', 100_000);

        Assert.Equal(["body"], Fields(Answer(200, body), Answer(200, body[..^1] + "b")));
    }

    [Fact]
    public void Each_side_has_names_for_its_own_values()
    {
        S3Answer direct = Xml("<E><Bucket>left</Bucket><When>2026-01-02T03:04:05.006Z</When></E>");
        S3Answer proxied = Xml("<E><Bucket>right</Bucket><When>2026-01-02T03:04:06.007Z</When></E>");

        Assert.Empty(AnswerComparer.Compare(direct, proxied, new OpaqueValues("left"), new OpaqueValues("right"), masksTimes: true));
        Assert.Equal(["xml Bucket", "xml When"], Fields(direct, proxied));
    }

    private static string[] Fields(S3Answer direct, S3Answer proxied) => [.. Compare(direct, proxied).Select(difference => difference.Field)];

    private static List<AnswerDifference> Compare(S3Answer direct, S3Answer proxied) =>
        AnswerComparer.Compare(direct, proxied, new OpaqueValues("no-bucket"), new OpaqueValues("no-bucket"), masksTimes: false);

    private static S3Answer Xml(string text) => Answer(400, text, ("Content-Type", "application/xml"));

    private static S3Answer Answer(int status, string body, params (string Name, string Value)[] headers)
    {
        SortedDictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in headers)
        {
            fields[name] = value;
        }

        return new S3Answer(status, fields, Encoding.UTF8.GetBytes(body));
    }
}

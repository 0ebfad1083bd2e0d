using System.Text;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Forms;

/// <summary>Requirements S6, A2.</summary>
public sealed class PostPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"key": "a"}""", "key=a", null)]
    [InlineData("""{"KEY": "a"}""", "key=a", null)]
    [InlineData("""["eq", "$key", "a"]""", "key=a", null)]
    [InlineData("""["eq", "$Key", "a"]""", "key=b", """Policy Condition failed: ["eq", "$Key", "a"]""")]
    [InlineData("""["starts-with", "$key", "user/"]""", "key=user/x", null)]
    [InlineData("""["starts-with", "$key", "user/"]""", "key=users", """Policy Condition failed: ["starts-with", "$key", "user/"]""")]
    [InlineData("""["starts-with", "$key", ""]""", "key=anything", null)]
    [InlineData("""["starts-with", "$key", ""]""", "", "Policy Condition failed")]
    [InlineData("""["starts-with", "$Content-Type", "image/"], {"key": "a"}""", "key=a&Content-Type=image/png, image/gif", null)]
    [InlineData("""["starts-with", "$Content-Type", "image/"], {"key": "a"}""", "key=a&Content-Type=image/png,text/html", "Policy Condition failed")]
    [InlineData("""{"key": "a"}""", "key=a&acl=public-read", "Extra input fields: acl")]
    [InlineData("""{"key": "a"}""", "key=a&x-ignore-note=1&policy=p&x-amz-signature=s", null)]
    [InlineData("""{"key": "a"}, {"acl": "private"}""", "key=a&acl=private", null)]
    [InlineData("""{"key": "a"}, ["starts-with", "$key", "b"]""", "key=a", "Policy Condition failed")]
    [InlineData("""{"key": "\u00e9"}""", "key=é", null)]
    public void Conditions(string conditions, string fields, string? refusal)
    {
        S3Error? error = Parse(conditions).Check(Fields(fields), Now);
        Assert.Equal(refusal is null, error is null);
        Assert.Equal(refusal is null ? null : S3ErrorCode.AccessDenied, error?.Code);
        Assert.Contains(refusal ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_ends_at_its_expiration()
    {
        PostPolicy policy = Parse("{\"key\": \"a\"}", "2026-01-01T12:00:00Z");
        Assert.Null(policy.Check(Fields("key=a"), Now));
        Assert.Equal("Invalid according to Policy: Policy expired.", policy.Check(Fields("key=a"), Now.AddSeconds(1))?.Message);
    }

    [Theory]
    [InlineData("2026-01-01T12:00:00.000Z", true)]
    [InlineData("2026-01-01T12:00:00.1234567Z", true)]
    [InlineData("2026-01-01T12:00:00", false)]
    [InlineData("2026-01-01T12:00:00+01:00", false)]
    [InlineData("2026-01-01", false)]
    [InlineData("tomorrow", false)]
    public void Expirations(string expiration, bool isTime) => Assert.Equal(isTime, TryParse(Document("{\"key\": \"a\"}", expiration), out _));

    [Theory]
    [InlineData("[\"content-length-range\", 2, 4]", 1, (int)S3ErrorCode.EntityTooSmall)]
    [InlineData("[\"content-length-range\", 2, 4]", 2, null)]
    [InlineData("[\"content-length-range\", \"2\", \"4\"]", 4, null)]
    [InlineData("[\"content-length-range\", 2, 4]", 5, (int)S3ErrorCode.EntityTooLarge)]
    [InlineData("[\"content-length-range\", 2, 4], [\"content-length-range\", 0, 3]", 4, (int)S3ErrorCode.EntityTooLarge)]
    [InlineData("{\"key\": \"a\"}", long.MaxValue, null)]
    public void Lengths(string conditions, long bytes, int? code) => Assert.Equal((S3ErrorCode?)code, Parse(conditions).CheckLength(bytes)?.Code);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\"}")]
    [InlineData("{\"conditions\": []}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": {}}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [], \"more\": 1}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [], \"conditions\": []}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [1]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [{\"key\": 1}]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [{\"key\": \"a\", \"key\": \"b\"}]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [{\"key\": \"\\ud800\"}]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"eq\", \"key\", \"a\"]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"eq\", \"$\", \"a\"]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"eq\", \"$key\"]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"ends-with\", \"$key\", \"a\"]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"content-length-range\", 1]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"content-length-range\", -1, 2]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"content-length-range\", 1, 2.5]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[\"content-length-range\", 1, \"x\"]]}")]
    [InlineData("{\"expiration\": \"2026-01-01T12:00:00Z\", \"conditions\": [[[[[]]]]]}")]
    public void What_is_no_policy_is_refused(string json)
    {
        Assert.False(PostPolicy.TryParse(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)), out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidPolicyDocument, error.Code);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("")]
    [InlineData("/w==")]
    public void What_is_no_text_is_refused(string base64)
    {
        Assert.False(PostPolicy.TryParse(base64, out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidPolicyDocument, error.Code);
    }

    private static PostPolicy Parse(string conditions, string expiration = "2030-01-01T00:00:00.000Z")
    {
        Assert.True(TryParse(Document(conditions, expiration), out PostPolicy? policy));
        return policy!;
    }

    private static string Document(string conditions, string expiration) => $"{{\"expiration\": \"{expiration}\", \"conditions\": [{conditions}]}}";

    private static bool TryParse(string json, out PostPolicy? policy) =>
        PostPolicy.TryParse(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)), out policy, out _);

    private static KeyValuePair<string, string>[] Fields(string text) =>
        [.. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => new KeyValuePair<string, string>(field.Split('=')[0], field[(field.IndexOf('=') + 1)..]))];
}

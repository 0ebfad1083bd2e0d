using System.Text;
using S3Proxy.Admin;
using S3Proxy.Events;

namespace S3Proxy.Tests.Events;

public sealed class EventAccessTests
{
    [Theory]
    [InlineData("Bearer events", true)]
    [InlineData("Bearer admin", true)]
    [InlineData("Bearer other", false)]
    [InlineData("Basic anyone:events", true)]
    [InlineData("Basic anyone:admin", false)]
    [InlineData("Basic events", false)]
    [InlineData("Basic !", false)]
    [InlineData("", false)]
    public void With_a_token_of_its_own(string authorization, bool isAllowed) => Assert.Equal(isAllowed, Access("events", "admin").Allows(Encode(authorization)));

    [Theory]
    [InlineData("events", null, "", false)]
    [InlineData("events", null, "Bearer events", true)]
    [InlineData(null, "admin", "Bearer admin", true)]
    [InlineData(null, "admin", "Basic anyone:admin", false)]
    [InlineData(null, "admin", "", false)]
    [InlineData(null, null, "", true)]
    public void With_one_of_the_two(string? token, string? admin, string authorization, bool isAllowed) => Assert.Equal(isAllowed, Access(token, admin).Allows(Encode(authorization)));

    [Fact]
    public void Two_headers_and_endless_ones_are_refused()
    {
        Assert.False(Access("events", null).Allows(new(["Bearer events", "Bearer events"])));
        Assert.False(Access("events", null).Allows("Basic " + new string('A', 100_000)));
    }

    private static EventAccess Access(string? token, string? admin) => new(token, new AdminAccess(admin), new BearerCheck(new AdminAccess(admin)));

    private static string? Encode(string authorization) =>
        authorization.Length == 0 ? null
        : authorization.StartsWith("Basic ", StringComparison.Ordinal) && !authorization.EndsWith('!') ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(authorization[6..]))
        : authorization;
}

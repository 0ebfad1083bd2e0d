using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

public sealed class EventsSectionTests
{
    [Fact]
    public void Without_a_section_the_token_of_the_admin_port_opens_the_usual_path()
    {
        EventsConfiguration events = Configurations.Valid(Configurations.Least).Events;
        Assert.Equal(("/admin/events", (string?)null, 0), (events.Path, events.Token, events.SnsTopics.Count));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        EventsConfiguration events = Configurations.Valid(With("path: /hook/a-1, token: secret, snsTopics: [\"arn:aws:sns:eu-central-1:123456789012:objects\"]")).Events;
        Assert.Equal(("/hook/a-1", "secret", "arn:aws:sns:eu-central-1:123456789012:objects"), (events.Path, events.Token, Assert.Single(events.SnsTopics)));
        Assert.DoesNotContain("secret", events.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path: hook", "events.path", "must be a path")]
    [InlineData("path: /", "events.path", "must be a path")]
    [InlineData("path: \"/a?b\"", "events.path", "must be a path")]
    [InlineData("path: /admin/purge", "events.path", "is another path of the admin port")]
    [InlineData("token: \"two words\"", "events", "printable ASCII without spaces")]
    [InlineData("snsTopics: [objects]", "events.snsTopics[0]", "is not the ARN of a topic")]
    [InlineData("snsTopics: [\"arn:aws:sns:evil.example.org/:1:x\"]", "events.snsTopics[0]", "is not the ARN of a topic")]
    public void What_makes_no_sense_is_refused(string events, string path, string message)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(With(events)).Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string With(string events) => Configurations.Least + $"\nevents: {{ {events} }}\n";
}

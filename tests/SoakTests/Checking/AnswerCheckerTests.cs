using System.Net;
using System.Net.Http.Headers;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.SoakTests.Checking;

/// <summary>The checker can fail: it is fed what must never happen, and sees it; and it accepts what may.</summary>
public sealed class AnswerCheckerTests
{
    private const int LengthBytes = 100_000;

    private readonly ObjectLedger _ledger = new("bucket", "key", LengthBytes, isOrdered: true);
    private readonly WrittenVersion _first;
    private readonly WrittenVersion _second;

    public AnswerCheckerTests()
    {
        _first = Write(seed: 1);
        _second = Write(seed: 2);
    }

    [Fact]
    public async Task A_right_body_of_either_version_is_accepted()
    {
        Assert.Null((await CheckAsync(Answer(_first, Bytes(_first)))).Violation);
        AnswerVerdict verdict = await CheckAsync(Answer(_second, Bytes(_second)));
        Assert.Equal(new AnswerVerdict(ReadOutcome.Whole, LengthBytes), verdict);
    }

    [Fact]
    public async Task One_wrong_byte_is_caught()
    {
        byte[] body = Bytes(_first);
        body[77_777] ^= 1;
        Assert.Contains("wrong byte at 77777", (await CheckAsync(Answer(_first, body))).Violation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_two_versions_is_caught()
    {
        byte[] body = [.. Bytes(_first)[..50_000], .. Bytes(_second)[50_000..]];
        Assert.Contains("wrong byte at 50000", (await CheckAsync(Answer(_first, body))).Violation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_one_version_over_the_bytes_of_another_are_caught() =>
        Assert.NotNull((await CheckAsync(Answer(_second, Bytes(_first)))).Violation);

    [Fact]
    public async Task A_clean_end_of_a_short_body_is_caught_with_its_length_and_without()
    {
        byte[] body = Bytes(_first)[..99_999];
        Assert.Contains("Content-Length", (await CheckAsync(Answer(_first, body))).Violation, StringComparison.Ordinal);
        HttpResponseMessage unsized = Answer(_first, body);
        unsized.Content = new StreamContent(new UnsizedStream(body));
        Assert.Contains("99999 right bytes", (await CheckAsync(unsized)).Violation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_surplus_byte_is_caught()
    {
        HttpResponseMessage unsized = Answer(_first, []);
        unsized.Content = new StreamContent(new UnsizedStream([.. Bytes(_first), 0]));
        Assert.NotNull((await CheckAsync(unsized)).Violation);
    }

    [Fact]
    public async Task A_wrong_byte_before_a_broken_connection_is_caught_and_a_right_beginning_is_not()
    {
        byte[] body = Bytes(_first);
        HttpResponseMessage broken = Answer(_first, []);
        broken.Content = new StreamContent(new UnsizedStream(body[..500], failsAtEnd: true));
        Assert.Equal(new AnswerVerdict(ReadOutcome.BrokenOff, 500), await CheckAsync(broken));

        body[3] ^= 1;
        broken.Content = new StreamContent(new UnsizedStream(body[..500], failsAtEnd: true));
        Assert.NotNull((await CheckAsync(broken)).Violation);
    }

    [Fact]
    public async Task An_answer_older_than_what_was_acknowledged_is_caught()
    {
        _ledger.Settle(_second);
        Assert.Contains("served after", (await CheckAsync(Answer(_first, Bytes(_first)))).Violation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_older_than_what_another_reader_saw_is_caught()
    {
        Assert.Null((await CheckAsync(Answer(_second, Bytes(_second)))).Violation);
        Assert.NotNull((await CheckAsync(Answer(_first, Bytes(_first)))).Violation);
    }

    [Fact]
    public async Task Where_writes_go_past_the_proxy_an_older_answer_is_accepted()
    {
        ObjectLedger unordered = new("bucket", "key", LengthBytes, isOrdered: false);
        WrittenVersion old = unordered.Begin(number => _first with { Number = number });
        unordered.Settle(unordered.Begin(number => _second with { Number = number }));
        Assert.Null((await new AnswerChecker(unordered, unordered.Floor, new SoakRead()).CheckAsync(Answer(old, Bytes(old)))).Violation);
    }

    [Fact]
    public async Task An_etag_that_was_never_written_or_is_absent_is_caught()
    {
        Assert.NotNull((await CheckAsync(Answer(_first with { ETag = "\"other\"" }, Bytes(_first)))).Violation);
        HttpResponseMessage untagged = Answer(_first, Bytes(_first));
        untagged.Headers.ETag = null;
        Assert.NotNull((await CheckAsync(untagged)).Violation);
    }

    [Theory]
    [InlineData(10, 19, true)]
    [InlineData(10, 20, false)]
    [InlineData(11, 20, false)]
    public async Task A_range_must_be_the_one_that_was_asked_for(long first, long last, bool isRight)
    {
        SoakRead read = new() { Range = new WantedRange(10, 19) };
        HttpResponseMessage response = Answer(_first, Bytes(_first)[(int)first..(int)(last + 1)]);
        response.StatusCode = HttpStatusCode.PartialContent;
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(first, last, LengthBytes);
        Assert.Equal(isRight, (await CheckAsync(response, read)).Violation is null);
    }

    [Fact]
    public async Task The_bytes_of_another_range_under_the_right_header_are_caught()
    {
        SoakRead read = new() { Range = new WantedRange(null, 10) };
        HttpResponseMessage response = Answer(_first, Bytes(_first)[..10]);
        response.StatusCode = HttpStatusCode.PartialContent;
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(LengthBytes - 10, LengthBytes - 1, LengthBytes);
        Assert.Contains("wrong byte", (await CheckAsync(response, read)).Violation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_object_instead_of_a_range_is_caught() =>
        Assert.NotNull((await CheckAsync(Answer(_first, Bytes(_first)), new SoakRead { Range = new WantedRange(10, 19) })).Violation);

    [Fact]
    public async Task A_404_is_caught_while_the_object_cannot_be_away_and_accepted_after_a_deletion()
    {
        Assert.NotNull((await CheckAsync(Error(HttpStatusCode.NotFound, "NoSuchKey"))).Violation);
        WrittenVersion absence = _ledger.Begin(number => new WrittenVersion(number, 0, 0, ETag: null));
        Assert.Null((await CheckAsync(Error(HttpStatusCode.NotFound, "NoSuchKey"))).Violation);

        _ledger.Settle(absence);
        Assert.NotNull((await CheckAsync(Answer(_second, Bytes(_second)))).Violation);
        _ledger.Settle(Write(seed: 3));
        Assert.NotNull((await CheckAsync(Error(HttpStatusCode.NotFound, "NoSuchKey"))).Violation);
    }

    [Fact]
    public async Task A_304_is_accepted_for_the_version_named_and_caught_once_that_is_too_old()
    {
        SoakRead read = new() { IfNoneMatch = _first.ETag };
        HttpResponseMessage notModified = new(HttpStatusCode.NotModified);
        Assert.Null((await CheckAsync(notModified, read)).Violation);
        Assert.NotNull((await CheckAsync(notModified)).Violation);
        Assert.NotNull((await CheckAsync(Answer(_first, Bytes(_first)), read)).Violation);

        _ledger.Settle(_second);
        Assert.NotNull((await CheckAsync(notModified, read)).Violation);
    }

    [Fact]
    public async Task A_412_is_caught_when_only_the_version_named_is_possible()
    {
        _ledger.Settle(_second);
        HttpResponseMessage failed = new(HttpStatusCode.PreconditionFailed);
        Assert.NotNull((await CheckAsync(failed, new SoakRead { IfMatch = _second.ETag })).Violation);
        Assert.Null((await CheckAsync(failed, new SoakRead { IfMatch = _first.ETag })).Violation);
    }

    [Fact]
    public async Task A_416_is_caught_when_the_range_is_within_every_version()
    {
        HttpResponseMessage refused = Error(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
        Assert.NotNull((await CheckAsync(refused, new SoakRead { Range = new WantedRange(0, 1) })).Violation);
        Assert.Null((await CheckAsync(refused, new SoakRead { Range = new WantedRange(LengthBytes, null) })).Violation);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown", true)]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "AccessDenied", false)]
    [InlineData(HttpStatusCode.BadGateway, "InternalError", false)]
    [InlineData(HttpStatusCode.Forbidden, "AccessDenied", false)]
    public async Task Errors_are_accepted_only_of_the_kinds_expected(HttpStatusCode status, string code, bool isExpected) =>
        Assert.Equal(isExpected, (await CheckAsync(Error(status, code))).Violation is null);

    [Fact]
    public async Task An_error_without_its_xml_is_caught()
    {
        HttpResponseMessage bare = new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("busy") };
        Assert.NotNull((await CheckAsync(bare)).Violation);
    }

    private static byte[] Bytes(WrittenVersion version)
    {
        byte[] bytes = new byte[version.LengthBytes];
        version.Content().Fill(0, bytes);
        return bytes;
    }

    private static HttpResponseMessage Answer(WrittenVersion version, byte[] body) => new(HttpStatusCode.OK)
    {
        Content = new ByteArrayContent(body),
        Headers = { ETag = new EntityTagHeaderValue(version.ETag!) },
    };

    private static HttpResponseMessage Error(HttpStatusCode status, string code) =>
        new(status) { Content = new StringContent($"<Error><Code>{code}</Code></Error>") };

    private WrittenVersion Write(ulong seed) =>
        _ledger.Begin(number => new WrittenVersion(number, LengthBytes, seed, new SyntheticContent(LengthBytes, seed).ETag));

    private Task<AnswerVerdict> CheckAsync(HttpResponseMessage response, SoakRead? read = null) =>
        new AnswerChecker(_ledger, _ledger.Floor, read ?? new SoakRead()).CheckAsync(response);
}

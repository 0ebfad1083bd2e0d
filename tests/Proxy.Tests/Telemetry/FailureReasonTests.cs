using System.Net.Sockets;
using System.Security.Authentication;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Telemetry;

/// <summary>Requirement O4: whoever reads the log sees why something failed in one line.</summary>
public sealed class FailureReasonTests
{
    [Fact]
    public void What_a_failure_comes_from_is_told_once_and_with_the_address()
    {
        HttpRequestException refused = new("Connection refused (127.0.0.1:9)", new SocketException(111, "Connection refused"));
        FetchException asked = new(FetchFailure.Unreachable, $"http://127.0.0.1:9/ could not be asked: {FailureReason.RootOf(refused)}", refused);

        Assert.Equal("http://127.0.0.1:9/ could not be asked: Connection refused (127.0.0.1:9).", FailureReason.Of(asked));
        Assert.Equal(
            "The run failed. http://127.0.0.1:9/ could not be asked: Connection refused (127.0.0.1:9).",
            FailureReason.Of(FetchException.OfFlight("The run failed.", asked)));
    }

    [Fact]
    public void A_message_that_only_refers_to_an_inner_one_is_left_out()
    {
        HttpRequestException error = new("The SSL connection could not be established, see inner exception.", new AuthenticationException("The certificate is invalid: UntrustedRoot"));

        Assert.Equal("The certificate is invalid: UntrustedRoot", FailureReason.RootOf(error));
        Assert.Equal("The certificate is invalid: UntrustedRoot.", FailureReason.Of(error));
    }

    [Fact]
    public void What_gave_up_waiting_says_so_itself()
    {
        FetchException late = new(FetchFailure.Unreachable, "The origin took no connection within 5 s.", new OperationCanceledException("A task was canceled.", new TimeoutException("Late.")));

        Assert.Equal("The origin took no connection within 5 s.", FailureReason.Of(late));
        Assert.Equal("", FailureReason.Of(new OperationCanceledException()));
    }

    [Fact]
    public void It_is_one_line_whatever_an_origin_sends()
    {
        string reason = FailureReason.Of(new FetchException(FetchFailure.InvalidAnswer, "Bad header:\r\nX\u001b[31m", new IOException("more\nlines")));

        Assert.DoesNotContain(reason, char.IsControl);
        Assert.Equal("Bad header:  X [31m. more lines.", reason);
    }

    [Fact]
    public void There_is_advice_for_every_failure()
    {
        Assert.All(Enum.GetValues<FetchFailure>(), static failure => Assert.EndsWith(".", FetchAdvice.For(failure), StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FetchAdvice.For((FetchFailure)999));
    }
}

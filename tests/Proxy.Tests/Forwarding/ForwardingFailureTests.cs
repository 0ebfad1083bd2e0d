using S3Proxy.Fetching;
using S3Proxy.Forwarding;
using S3Proxy.Origin.Signing;
using Yarp.ReverseProxy.Forwarder;

namespace S3Proxy.Tests.Forwarding;

/// <summary>Requirement O4: what of a forwarded request is whose doing.</summary>
public sealed class ForwardingFailureTests
{
    [Fact]
    public void Every_error_of_YARP_has_a_reason_and_advice()
    {
        Exception?[] exceptions = [null, new OperationCanceledException(), new IOException("It broke."), new HttpRequestException(HttpRequestError.ConnectionError, "Refused.")];
        foreach (ForwarderError error in Enum.GetValues<ForwarderError>())
        {
            foreach (Exception? exception in exceptions)
            {
                ForwardingFailure failure = new(error, exception);
                Assert.NotEqual("", failure.Reason);
                Assert.NotEqual("", FetchAdvice.For(failure.Kind));
                Assert.False(failure is { IsBug: true, IsOfClient: true });
            }
        }
    }

    [Fact]
    public void A_client_that_leaves_is_no_failure_of_the_origin_and_no_bug()
    {
        Assert.True(new ForwardingFailure(ForwarderError.RequestCanceled, new OperationCanceledException()).IsOfClient);
        Assert.True(new ForwardingFailure(ForwarderError.RequestCreation, new OperationCanceledException()).IsOfClient);
        Assert.True(new ForwardingFailure(ForwarderError.ResponseBodyClient, new IOException()).IsOfClient);
        Assert.False(new ForwardingFailure(ForwarderError.ResponseBodyDestination, new IOException()).IsOfClient);
        Assert.False(new ForwardingFailure(ForwarderError.RequestTimedOut, new OperationCanceledException()).IsOfClient);
    }

    [Fact]
    public void What_our_own_code_does_not_expect_is_a_bug()
    {
        Assert.True(new ForwardingFailure(ForwarderError.RequestCreation, new InvalidOperationException()).IsBug);
        Assert.True(new ForwardingFailure(ForwarderError.ResponseHeaders, new InvalidOperationException()).IsBug);
        Assert.False(new ForwardingFailure(ForwarderError.RequestCreation, new OriginCredentialsException("None.", null)).IsBug);
        Assert.False(new ForwardingFailure(ForwarderError.ResponseHeaders, new HttpRequestException()).IsBug);
        Assert.False(new ForwardingFailure(ForwarderError.Request, new HttpRequestException()).IsBug);
    }
}

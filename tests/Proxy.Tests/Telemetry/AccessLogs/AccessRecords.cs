using S3Proxy.Telemetry;
using S3Proxy.Telemetry.AccessLogs;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Tests.Telemetry.AccessLogs;

/// <summary>Records for tests.</summary>
internal static class AccessRecords
{
    public static AccessRecord Record(string text = "a/b", int status = 200) => new()
    {
        Time = new DateTimeOffset(2026, 11, 21, 9, 8, 7, 654, TimeSpan.Zero),
        Summary = new RequestSummary(OperationGroup.Get, "GetObject", CacheOutcome.Hit, AnswerTier.Memory, RequestReason.None, FlightRole.None),
        Method = "GET",
        Path = "/models/" + text,
        Protocol = "HTTP/1.1",
        Status = status,
        Bucket = "models",
        Key = text,
        Client = "CLIENT1",
        RemoteAddress = "127.0.0.1",
        BodyBytes = 1000,
        Duration = TimeSpan.FromMilliseconds(1.5),
        FirstByte = TimeSpan.FromMilliseconds(0.5),
        RequestId = "0123456789ABCDEF",
        UserAgent = text,
    };
}

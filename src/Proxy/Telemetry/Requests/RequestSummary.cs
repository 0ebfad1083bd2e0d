namespace S3Proxy.Telemetry.Requests;

/// <summary>How a request ended, in the words that its log line, span and metrics share.</summary>
internal readonly record struct RequestSummary(OperationGroup Group, string Operation, CacheOutcome Outcome, AnswerTier Tier, RequestReason Reason, FlightRole Role);

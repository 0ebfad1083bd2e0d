namespace S3Proxy.Testing.Origin;

/// <summary>Holds a response after part of its body.</summary>
/// <param name="Gate">Where it waits.</param>
/// <param name="AfterBytes">Body bytes sent before it waits; a shorter body does not wait.</param>
public sealed record BodyHold(OriginGate Gate, long AfterBytes);

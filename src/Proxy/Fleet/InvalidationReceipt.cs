using System.Text.Json;

namespace S3Proxy.Fleet;

/// <summary>What a message of kind <see cref="FleetMessageKind.Acknowledge"/> carries. Immutable; JSON on the wire.</summary>
/// <param name="Id">The notice that was carried out.</param>
/// <param name="Objects">Objects whose metadata was dropped.</param>
/// <param name="Slices">Slices that were dropped.</param>
internal sealed record InvalidationReceipt(string Id, int Objects, int Slices)
{
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, FleetJson.Default.InvalidationReceipt);

    /// <exception cref="JsonException">It is no receipt.</exception>
    public static InvalidationReceipt Decode(ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize(payload, FleetJson.Default.InvalidationReceipt) ?? throw new JsonException("null is no receipt.");
}

using System.Text.Json.Serialization;

namespace S3Proxy.Fleet;

/// <summary>How messages of the fleet are written; made when the code is compiled.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(InvalidationNotice))]
[JsonSerializable(typeof(InvalidationReceipt))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class FleetJson : JsonSerializerContext;

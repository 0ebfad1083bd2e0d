using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>
/// A truncated body is presented as whole (Pingora #932): what the product cuts, the client takes for the end.
/// </summary>
internal sealed class HiddenCut : PlantedBug
{
    public override void OnJoined(ModelReader reader, ModelWorld world) => reader.HidesCut = true;
}

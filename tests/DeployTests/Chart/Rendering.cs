using System.Text.Json.Nodes;
using S3Proxy.Testing.Programs;

namespace S3Proxy.DeployTests.Chart;

/// <summary>What the chart makes of one values file. Immutable.</summary>
/// <param name="Text">The manifests as they are applied.</param>
/// <param name="Objects">The same, read.</param>
internal sealed record Rendering(string Text, IReadOnlyList<JsonNode> Objects)
{
    /// <summary>Renders a values file of the chart; null where there is no Helm.</summary>
    /// <exception cref="ProgramFailedException">The chart refuses the values.</exception>
    public static async Task<Rendering?> OfAsync(string valuesFile, params string[] more)
    {
        if (await Helm.FindAsync() is not { } helm)
        {
            return null;
        }

        string text = (await helm.TemplateAsync(Helm.PathOfValues(valuesFile), more)).OutputOfSuccess();
        return new Rendering(text, Yaml.ReadAll(text));
    }

    public IEnumerable<JsonNode> OfKind(string kind) => Objects.Where(one => one["kind"]!.GetValue<string>() == kind);

    /// <summary>The pod template of the Deployment.</summary>
    public JsonNode Pod => OfKind("Deployment").Single()["spec"]!["template"]!;

    /// <summary>The proxy's own container.</summary>
    public JsonNode Container => Pod["spec"]!["containers"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "s3proxy")!;

    /// <summary>The proxy's configuration file.</summary>
    public string Configuration => OfKind("ConfigMap").Single(one => one["data"]!["s3proxy.yaml"] is not null)["data"]!["s3proxy.yaml"]!.GetValue<string>();
}

using System.Text.Json;
using S3Proxy.Warming;

namespace S3Proxy.Commands.Warm;

/// <summary>A warm-up as the admin port tells of it at one moment. Immutable.</summary>
/// <param name="document">The document of <c>/admin/warm/ID</c>.</param>
internal sealed class WarmLook(JsonElement document)
{
    private readonly JsonElement _objects = document.GetProperty("objects");
    private readonly JsonElement _bytes = document.GetProperty("bytes");

    public JsonElement Document => document;

    public string Id { get; } = document.GetProperty("id").GetString()!;

    /// <summary>Null for a state that this version does not know.</summary>
    public WarmState? State => Enum.TryParse(StateText, ignoreCase: true, out WarmState state) ? state : null;

    public string StateText { get; } = document.GetProperty("state").GetString()!;

    /// <summary>Why it ended so; null when there is nothing to tell.</summary>
    public string? Message { get; } = document.GetProperty("message").GetString();

    public bool HasEnded => document.GetProperty("ended").ValueKind != JsonValueKind.Null;

    public long Found => _objects.GetProperty("found").GetInt64();

    /// <summary>Whether <see cref="Found"/> grows no more.</summary>
    public bool IsListed => _objects.GetProperty("listed").GetBoolean();

    public long Done => _objects.GetProperty("done").GetInt64();

    public long Loaded => _objects.GetProperty("loaded").GetInt64();

    public long AlreadyHere => _objects.GetProperty("alreadyHere").GetInt64();

    public long Failed => _objects.GetProperty("failed").GetInt64();

    public long LoadedBytes => _bytes.GetProperty("loaded").GetInt64();

    /// <summary>The first objects that failed, with their reasons.</summary>
    public IEnumerable<WarmFailure> Failures =>
        document.GetProperty("failures").EnumerateArray().Select(failure => new WarmFailure(failure.GetProperty("key").GetString()!, failure.GetProperty("reason").GetString()!));

    /// <summary>From its start to its end; null until then.</summary>
    public TimeSpan? Duration => Time("ended") - Time("started");

    private DateTimeOffset? Time(string name) => document.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset() : null;
}

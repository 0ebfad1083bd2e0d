using System.Globalization;
using System.Text;

namespace S3Proxy.Telemetry.Requests;

/// <summary>
/// How a response came about, stage by stage (requirement O2), for the one client that asked: a list of items with parameters, as <c>Cache-Status</c> is one (RFC 8941).
/// </summary>
/// <remarks>Not thread-safe: used by one request. Bounded. Holds words and numbers of the proxy's own, and no text that a client or an origin chose but the bucket's name.</remarks>
internal sealed class RequestTrail
{
    /// <summary>Request header that asks for the trail, with the value <c>1</c>.</summary>
    public const string RequestHeader = "x-s3proxy-explain";

    /// <summary>Response header that tells it.</summary>
    public const string ResponseHeader = "x-s3proxy-trail";

    private const int MaxStages = 24;

    private readonly StringBuilder _text = new();
    private int _stages;

    /// <summary>Notes a stage.</summary>
    /// <param name="stage">Its name, such as <c>memory</c>.</param>
    /// <param name="parameters">What is known of it; null values are left out.</param>
    public void Add(string stage, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (_stages++ >= MaxStages)
        {
            return;
        }

        _text.Append(_text.Length == 0 ? "" : ", ").Append(stage);
        foreach ((string name, object? value) in parameters)
        {
            if (value is not null)
            {
                _text.Append(';').Append(name).Append('=').Append(Plain(value));
            }
        }
    }

    /// <summary>The header's value, printable ASCII.</summary>
    public override string ToString() => _stages > MaxStages ? $"{_text}, more;stages={_stages - MaxStages}" : _text.ToString();

    private static string Plain(object value)
    {
        string text = value is TimeSpan time
            ? time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '*' ? c : '_')).ToLowerInvariant();
    }
}

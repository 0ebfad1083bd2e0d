using System.Text;
using Microsoft.Extensions.Primitives;
using S3Proxy.Admin;

namespace S3Proxy.Events;

/// <summary>Who may post events: whoever has their token, as a bearer token or as the password of any user (RFC 7617), which is what SNS and Ceph can send; and whoever has that of the admin port.</summary>
/// <remarks>Thread-safe, immutable.</remarks>
internal sealed class EventAccess(string? token, AdminAccess admin, BearerCheck adminCheck)
{
    private const string Basic = "Basic ";
    private const int MaxLength = 4096;

    private readonly BearerCheck? _own = token is null ? null : new BearerCheck(new AdminAccess(token));

    /// <summary>True when no token is asked for.</summary>
    public bool IsOpen => _own is null && admin.Token is null;

    /// <summary>Whether a request with these Authorization headers may go on.</summary>
    public bool Allows(StringValues authorization)
    {
        if (_own is null)
        {
            return adminCheck.Allows(authorization);
        }

        return _own.Allows(authorization)
            || (authorization is [{ } value] && PasswordOf(value) is { } password && _own.AllowsToken(password))
            || (admin.Token is not null && adminCheck.Allows(authorization));
    }

    private static string? PasswordOf(string value)
    {
        if (value.Length > MaxLength || !value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] decoded = new byte[MaxLength];
        if (!Convert.TryFromBase64String(value[Basic.Length..].Trim(' '), decoded, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(decoded, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}

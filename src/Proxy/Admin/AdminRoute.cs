namespace S3Proxy.Admin;

/// <summary>One path of the admin port. Immutable.</summary>
/// <param name="Path">The path. One that ends in a slash takes a name behind it.</param>
/// <param name="Audience">Whom it is for.</param>
/// <param name="Methods">The methods it takes, as <c>Allow</c> lists them.</param>
/// <param name="Handler">Answers it.</param>
internal sealed record AdminRoute(string Path, AdminAudience Audience, string Methods, IAdminHandler Handler)
{
    /// <summary>Methods of what is only read.</summary>
    public const string Read = "GET, HEAD";

    /// <summary>True for a path that takes a name behind it.</summary>
    public bool TakesName => Path.Length > 1 && Path[^1] == '/';

    /// <summary>True for a method it takes.</summary>
    public bool Takes(string method) => Methods.Split(", ").Contains(method, StringComparer.Ordinal);
}

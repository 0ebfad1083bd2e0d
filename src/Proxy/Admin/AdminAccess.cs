namespace S3Proxy.Admin;

/// <summary>Who may use the admin port.</summary>
internal sealed record AdminAccess
{
    /// <param name="token">The bearer token to ask for, visible ASCII; null asks for none.</param>
    /// <exception cref="ArgumentException">The token is empty or cannot be sent in a header.</exception>
    public AdminAccess(string? token)
    {
        if (token is not null && (token.Length == 0 || token.Any(c => c is <= ' ' or > '~')))
        {
            throw new ArgumentException("An admin token has one or more visible ASCII characters and no spaces.", nameof(token));
        }

        Token = token;
    }

    /// <summary>The bearer token to ask for; null when the port is open to whoever reaches it.</summary>
    public string? Token { get; }

    /// <summary>Never tells the token.</summary>
    public override string ToString() => Token is null ? "AdminAccess(open)" : "AdminAccess(token)";
}

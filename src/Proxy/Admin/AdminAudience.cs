namespace S3Proxy.Admin;

/// <summary>Whom a path of the admin port is for.</summary>
internal enum AdminAudience
{
    /// <summary>Whoever runs the process: neither the token nor the Host is asked for. Tells nothing but the state of health.</summary>
    Probes,

    /// <summary>Everybody who may see the page without its data: no token.</summary>
    Visitors,

    /// <summary>Who may see and change everything: the token, where one is configured.</summary>
    Operators,

    /// <summary>Who tells of events: their own token, or that of operators. By whatever name they know the port; never a browser.</summary>
    Senders,
}

namespace S3Proxy.Configuration;

/// <summary>Who may ask how a response came about (<c>x-s3proxy-explain: 1</c>).</summary>
internal enum TrailMode
{
    /// <summary>Nobody.</summary>
    Off,

    /// <summary>Clients whose signature this proxy has checked.</summary>
    Keys,

    /// <summary>Everybody whom this proxy lets in, anonymous clients too; nobody whom the origin judges.</summary>
    All,
}

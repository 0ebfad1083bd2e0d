namespace S3Proxy.Configuration;

/// <summary>How clients prove who they are (requirement A1).</summary>
internal enum AuthMode
{
    /// <summary>Clients sign with keys of this configuration.</summary>
    SigV4,

    /// <summary>Anyone may read; nothing may be written.</summary>
    Anonymous,

    /// <summary>The origin judges each client's own signature, which reaches it unchanged (requirement A3).</summary>
    Passthrough,
}

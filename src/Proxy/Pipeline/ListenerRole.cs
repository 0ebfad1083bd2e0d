namespace S3Proxy.Pipeline;

/// <summary>Which port a connection came in on. Set on the connection when it is accepted, so that no header can change it.</summary>
internal enum ListenerRole
{
    Data,
    Admin,
}

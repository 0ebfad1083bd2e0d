namespace S3Proxy.Transport;

/// <summary>
/// How .NET goes on after a socket is ready: on the thread that heard of it, one a processor, or on a thread of the pool. .NET takes it from an environment variable, when the
/// process opens its first socket.
/// </summary>
internal static class SocketThreads
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Chooses for the whole process; to be called before there is a socket. An operator who has set the variable has chosen already. Only Linux knows the choice.
    /// </summary>
    /// <param name="isInline">True: on the thread that heard of it.</param>
    public static void Choose(bool isInline)
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, isInline ? "1" : "0");
        }
    }
}

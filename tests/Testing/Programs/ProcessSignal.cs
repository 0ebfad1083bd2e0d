namespace S3Proxy.Testing.Programs;

/// <summary>Signals that tests send; the values are Linux' numbers (signal(7)).</summary>
public enum ProcessSignal
{
    /// <summary>Asks a daemon to read its configuration again.</summary>
    Hangup = 1,

    /// <summary>Ends the process at once, whatever it does.</summary>
    Kill = 9,

    /// <summary>Asks it to end.</summary>
    Terminate = 15,

    /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Holds it wherever it is. Its sockets stay open, and nobody answers on them.</summary>
    Stop = 19,
}

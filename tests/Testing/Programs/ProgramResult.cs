namespace S3Proxy.Testing.Programs;

/// <summary>How a program's run ended.</summary>
/// <param name="Command">The program and its arguments, for messages.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ProgramResult(string Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Its standard output.</summary>
    /// <exception cref="ProgramFailedException">It did not end with 0.</exception>
    public string OutputOfSuccess() => Succeeded ? Output : throw new ProgramFailedException(this);
}

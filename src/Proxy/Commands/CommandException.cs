namespace S3Proxy.Commands;

/// <summary>Ends a command with a line on standard error and an exit code.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="place">What it is about: an address, a file, an option. No secret.</param>
/// <param name="problem">What is wrong, as a sentence.</param>
/// <param name="remedy">What to do, as a sentence.</param>
internal sealed class CommandException(int exitCode, string place, string problem, string remedy) : Exception($"{place}: {problem} {remedy}")
{
    /// <summary>The exit code to end with.</summary>
    public int ExitCode => exitCode;
}

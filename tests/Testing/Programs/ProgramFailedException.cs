namespace S3Proxy.Testing.Programs;

/// <summary>A program ended with something else than 0.</summary>
public sealed class ProgramFailedException : Exception
{
    public ProgramFailedException()
    {
    }

    public ProgramFailedException(string message)
        : base(message)
    {
    }

    public ProgramFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ProgramFailedException(ProgramResult result)
        : base($"{result.Command} ended with {result.ExitCode}: {result.Error.Trim()} {result.Output.Trim()}")
    {
    }
}

using System.IO.Pipelines;

namespace S3Proxy.Transport;

/// <summary>The two halves of a connection.</summary>
internal sealed class DirectDuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}

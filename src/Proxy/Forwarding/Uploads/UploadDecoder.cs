using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// Turns the bytes of a request body into those of the object and checks them against everything that was claimed about them. It is pushed: it never
/// waits and holds no body bytes. What it has given out is known to be right only after <see cref="End"/>, so whoever passes it on withholds the last
/// byte until then. Used by one request.
/// </summary>
internal abstract class UploadDecoder : IDisposable
{
    private bool _ended;

    /// <summary>Why the body is refused; null while nothing is wrong. Once set nothing more is decoded.</summary>
    public S3Error? Refusal { get; private set; }

    /// <summary>Decodes what fits. Takes all of <paramref name="input"/> unless <paramref name="output"/> is full or the body is refused.</summary>
    /// <returns>Bytes taken from the input and bytes written to the output.</returns>
    public (int Consumed, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int consumed = 0;
        int written = 0;
        while (Refusal is null && consumed < input.Length)
        {
            (int taken, int given) = Step(input[consumed..], output[written..]);
            if (taken == 0)
            {
                break;
            }

            consumed += taken;
            written += given;
        }

        return (consumed, written);
    }

    /// <summary>The input is over: the last chance to refuse. Only the first call counts.</summary>
    public void End()
    {
        if (Refusal is null && !_ended)
        {
            _ended = true;
            Refuse(Finish());
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes some of the input. Taking nothing means that the output is full, or that the body was refused.</summary>
    protected abstract (int Consumed, int Written) Step(ReadOnlySpan<byte> input, Span<byte> output);

    /// <summary>What is wrong with the whole, or null.</summary>
    protected abstract S3Error? Finish();

    protected void Refuse(S3Error? error) => Refusal ??= error;

    protected virtual void Dispose(bool disposing)
    {
    }
}

namespace S3Proxy.Transport.Loops;

/// <summary>Takes what a client has sent while somebody waits for it, without waking that one.</summary>
internal interface IInputTaker
{
    /// <summary>Takes the beginning of what is there. Called on the loop's thread, while whoever reads waits and does nothing else.</summary>
    /// <param name="bytes">All that was received and not taken yet, at least one byte. Not to be used after the call.</param>
    /// <param name="mayGoOn">True when what comes next may be taken in the same way; false when whoever waits has to go on.</param>
    /// <returns>How many bytes were taken; who reads sees none of them. 0 only where <paramref name="mayGoOn"/> is false.</returns>
    int Take(ReadOnlySpan<byte> bytes, out bool mayGoOn);
}

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>Cancels when a word has been written so often.</summary>
internal sealed class InterruptingWriter(string word, int times, CancellationTokenSource interrupt) : StringWriter
{
    public override void Write(string? value)
    {
        base.Write(value);
        if (value?.Contains(word, StringComparison.Ordinal) == true && ToString().Split(word).Length > times)
        {
            interrupt.Cancel();
        }
    }
}

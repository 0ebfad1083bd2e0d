using System.Text;
using S3Proxy.Fetching;

namespace S3Proxy.Telemetry;

/// <summary>Why something failed, in one line for whoever operates the proxy: what the exceptions say, without their stack traces. Thread-safe.</summary>
internal static class FailureReason
{
    private static readonly char[] SentenceEnds = ['.', '!', '?'];

    /// <summary>
    /// What our own exceptions say, from the outermost on, and then what the failure comes from; nothing twice. Ends like a sentence. No character of it is a control
    /// character, whatever an origin has sent.
    /// </summary>
    public static string Of(Exception error)
    {
        StringBuilder reason = new();
        Exception? cause = error;
        for (; cause is FetchException; cause = cause.InnerException)
        {
            Append(reason, cause.Message);
        }

        // That something was cancelled is never why; whoever gave up waiting has said for how long.
        if (cause is not (null or OperationCanceledException))
        {
            Append(reason, RootOf(cause));
        }

        return reason.ToString();
    }

    /// <summary>
    /// What the innermost exception says, in the words of the outermost that repeats it: often with the address, as in "Connection refused (127.0.0.1:9)".
    /// </summary>
    public static string RootOf(Exception error)
    {
        Exception root = error.GetBaseException();
        Exception teller = error;
        while (teller != root && !Repeats(teller.Message, root.Message))
        {
            teller = teller.InnerException ?? root;
        }

        return InOneLine(teller.Message);
    }

    private static void Append(StringBuilder reason, string message)
    {
        string sentence = InOneLine(message);
        if (sentence.Length == 0 || Repeats(reason.ToString(), sentence))
        {
            return;
        }

        reason.Append(reason.Length > 0 ? " " : "").Append(sentence).Append(SentenceEnds.Contains(sentence[^1]) ? "" : ".");
    }

    private static bool Repeats(string text, string message) => message.Length > 0 && text.Contains(message.TrimEnd(SentenceEnds), StringComparison.Ordinal);

    private static string InOneLine(string message) => string.Create(message.Length, message, static (line, text) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }
    }).Trim();
}

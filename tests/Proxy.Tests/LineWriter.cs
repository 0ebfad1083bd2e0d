using System.Text;

namespace S3Proxy.Tests;

/// <summary>Collects lines and tells when the first has come. Thread-safe.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Completes with the first whole line.</summary>
    public Task<string> FirstLine => _firstLine.Task;

    /// <summary>What has been written, without empty lines.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString().Split(NewLine, StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    public override void Write(char value)
    {
        lock (_lock)
        {
            _text.Append(value);
            if (value == '\n')
            {
                _firstLine.TrySetResult(_text.ToString().Split(NewLine)[0]);
            }
        }
    }
}

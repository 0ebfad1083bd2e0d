using System.Text;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>What the body of an answer with status 200 says about the operation.</summary>
internal enum ResultVerdict
{
    /// <summary>The document's element has not been seen yet.</summary>
    Undecided,

    /// <summary>A result document (a DeleteResult may still hold errors of single keys).</summary>
    Succeeded,

    /// <summary>An <c>Error</c> document.</summary>
    Failed,

    /// <summary>The body is no document, or ended before its element: the origin may or may not have acted.</summary>
    Unknown,
}

/// <summary>
/// Tells from the first bytes of a 200 answer whether the operation worked. CompleteMultipartUpload, CopyObject and UploadPartCopy
/// answer 200 before they know and put an error into the body (Amazon S3 API Reference, CopyObject "Response and special errors"),
/// with white space before it to keep the connection alive. Fed with the bytes as they pass; not thread-safe.
/// </summary>
internal sealed class MultipartResultStatus
{
    private const int MaxNameBytes = 128;

    private readonly byte[] _name = new byte[MaxNameBytes];
    private int _nameBytes;
    private State _state = State.Prolog;
    private int _markBytes;
    private int _matched;

    private enum State
    {
        Prolog,
        Opened,
        Instruction,
        Bang,
        Comment,
        Name,
        Decided,
    }

    public ResultVerdict Verdict { get; private set; }

    /// <summary>True for operations whose 200 may carry an error.</summary>
    public static bool AppliesTo(S3Operation operation) => operation is S3Operation.CompleteMultipartUpload
        or S3Operation.CopyObject or S3Operation.UploadPartCopy or S3Operation.DeleteObjects;

    /// <summary>Looks at the next bytes of the body.</summary>
    public ResultVerdict Append(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_state == State.Decided)
            {
                break;
            }

            Step(value);
        }

        return Verdict;
    }

    /// <summary>The body is over (or broken off): what is undecided now stays unknown.</summary>
    public ResultVerdict Complete() => Verdict == ResultVerdict.Undecided ? Decide(ResultVerdict.Unknown) : Verdict;

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private void Step(byte value)
    {
        switch (_state)
        {
            case State.Prolog:
                StepProlog(value);
                break;
            case State.Opened:
                StepOpened(value);
                break;
            case State.Instruction:
                Match(value, "?>"u8);
                break;
            case State.Bang:
                StepBang(value);
                break;
            case State.Comment:
                Match(value, "-->"u8);
                break;
            default:
                StepName(value);
                break;
        }
    }

    private void StepProlog(byte value)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (value == (byte)'<' && _markBytes is 0 or 3)
        {
            _state = State.Opened;
        }
        else if (_markBytes < mark.Length && value == mark[_markBytes])
        {
            _markBytes++;
        }
        else if (!IsBlank(value))
        {
            Decide(ResultVerdict.Unknown);
        }
    }

    private void StepOpened(byte value)
    {
        switch (value)
        {
            case (byte)'?':
                _state = State.Instruction;
                break;
            case (byte)'!':
                _state = State.Bang;
                break;
            default:
                _state = State.Name;
                StepName(value);
                break;
        }
    }

    private void StepBang(byte value)
    {
        // Only a comment may follow; a document type is not S3.
        if (value != (byte)'-')
        {
            Decide(ResultVerdict.Unknown);
        }
        else if (++_matched == 2)
        {
            _matched = 0;
            _state = State.Comment;
        }
    }

    private void Match(byte value, ReadOnlySpan<byte> end)
    {
        if (value == end[_matched])
        {
            _matched++;
        }
        else if (!(_matched == 2 && value == (byte)'-'))
        {
            _matched = value == end[0] ? 1 : 0;
        }

        if (_matched == end.Length)
        {
            _matched = 0;
            _state = State.Prolog;
        }
    }

    private void StepName(byte value)
    {
        if (!IsBlank(value) && value is not ((byte)'>' or (byte)'/'))
        {
            if (_nameBytes == MaxNameBytes)
            {
                Decide(ResultVerdict.Unknown);
                return;
            }

            _name[_nameBytes++] = value;
            return;
        }

        string name = Encoding.UTF8.GetString(_name, 0, _nameBytes);
        string localName = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        Decide(localName switch
        {
            "Error" => ResultVerdict.Failed,
            "CompleteMultipartUploadResult" or "CopyObjectResult" or "CopyPartResult" or "DeleteResult" => ResultVerdict.Succeeded,
            _ => ResultVerdict.Unknown,
        });
    }

    private ResultVerdict Decide(ResultVerdict verdict)
    {
        _state = State.Decided;
        return Verdict = verdict;
    }
}

using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>
/// Takes the content of the file out of the rest of a form, and holds the form to ending there: its length follows from that of the request, so anything after the file
/// would be taken for a part of it. Passes bytes on as they come; whether the form ends as it must is known at its end.
/// </summary>
/// <param name="boundary">Of the form.</param>
/// <param name="fileBytes">Length of the file's content if the form ends behind it.</param>
/// <param name="endsWithLineEnd">Whether a line end follows the closing boundary.</param>
internal sealed class FormFileDecoder(FormBoundary boundary, long fileBytes, bool endsWithLineEnd) : UploadDecoder
{
    private readonly ReadOnlyMemory<byte> _ending = endsWithLineEnd ? (byte[])[.. boundary.Closing.Span, .. "\r\n"u8] : boundary.Closing;
    private long _given;
    private int _ended;

    // As if a line had just ended: a boundary at the very beginning would be one to readers that count the line end of the headers.
    private int _matched = 2;

    protected override (int Consumed, int Written) Step(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (_given == fileBytes)
        {
            return (ReadEnding(input), 0);
        }

        int count = (int)Math.Min(Math.Min(input.Length, output.Length), fileBytes - _given);
        if (HoldsDelimiter(input[..count]))
        {
            Refuse(FormErrors.Malformed("fields follow the file, which must be the last, or its content holds the boundary"));
            return (0, 0);
        }

        input[..count].CopyTo(output);
        _given += count;
        return (count, count);
    }

    protected override S3Error? Finish() =>
        _given == fileBytes && _ended == _ending.Length ? null : UploadErrors.Incomplete("the form ended before its closing boundary");

    private int ReadEnding(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> expected = _ending.Span[_ended..];
        int count = Math.Min(input.Length, expected.Length);
        if (count == 0 || !input[..count].SequenceEqual(expected[..count]))
        {
            Refuse(FormErrors.Malformed("it does not end with its closing boundary and a line end behind the file; fields behind the file are not possible"));
            return 0;
        }

        _ended += count;
        return count;
    }

    // Only the first byte of a delimiter is a carriage return, so that a mismatch can only begin again there.
    private bool HoldsDelimiter(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> delimiter = boundary.Delimiter.Span;
        int i = 0;
        while (i < input.Length)
        {
            if (_matched == 0)
            {
                int next = input[i..].IndexOf((byte)'\r');
                if (next < 0)
                {
                    return false;
                }

                i += next + 1;
                _matched = 1;
            }
            else if (input[i] == delimiter[_matched])
            {
                i++;
                if (++_matched == delimiter.Length)
                {
                    return true;
                }
            }
            else
            {
                // Looked at once more, as a beginning.
                _matched = 0;
            }
        }

        return false;
    }
}

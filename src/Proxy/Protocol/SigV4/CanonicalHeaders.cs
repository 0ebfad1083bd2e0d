using Microsoft.Extensions.Primitives;

namespace S3Proxy.Protocol.SigV4;

/// <summary>Writes header values in canonical form: trimmed, runs of blanks as one space, several lines joined by a comma.</summary>
internal static class CanonicalHeaders
{
    private const string Blanks = " \t";

    public static void AppendValues(ref CanonicalBuffer destination, StringValues values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                destination.Append((byte)',');
            }

            AppendValue(ref destination, values[i]);
        }
    }

    public static void AppendValue(ref CanonicalBuffer destination, ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> rest = value.Trim(Blanks);
        while (true)
        {
            int blank = rest.IndexOfAny(Blanks);
            if (blank < 0)
            {
                destination.Append(rest);
                return;
            }

            destination.Append(rest[..blank]);
            destination.Append((byte)' ');
            rest = rest[blank..].TrimStart(Blanks);
        }
    }
}

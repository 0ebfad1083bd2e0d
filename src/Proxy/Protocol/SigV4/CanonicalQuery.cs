using System.Text;

namespace S3Proxy.Protocol.SigV4;

/// <summary>
/// Writes queries in canonical form: names and values encoded, sorted by encoded name and then value, each with its <c>=</c>
/// (S3 API Reference, "Task 1: Create a canonical request").
/// </summary>
internal static class CanonicalQuery
{
    private const int StackEntries = 32;

    /// <summary>The canonical form of <paramref name="items"/> as text; empty for none.</summary>
    public static string Build(IReadOnlyList<KeyValuePair<string, string>> items)
    {
        if (items.Count == 0)
        {
            return "";
        }

        var buffer = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            Append(ref buffer, items, excludedName: null);
            return Encoding.ASCII.GetString(buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Appends the canonical form of <paramref name="items"/> without <paramref name="excludedName"/>.</summary>
    public static void Append(ref CanonicalBuffer destination, IReadOnlyList<KeyValuePair<string, string>> items, string? excludedName)
    {
        if (items.Count == 0)
        {
            return;
        }

        Span<Entry> entries = items.Count <= StackEntries ? stackalloc Entry[StackEntries] : new Entry[items.Count];
        var scratch = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            int count = 0;
            for (int i = 0; i < items.Count; i++)
            {
                (string name, string value) = items[i];
                if (excludedName is not null && string.Equals(name, excludedName, StringComparison.Ordinal))
                {
                    continue;
                }

                int start = scratch.Length;
                scratch.AppendEncoded(name, keepSlash: false);
                int nameEnd = scratch.Length;
                scratch.AppendEncoded(value, keepSlash: false);
                Insert(entries, count++, new Entry(start, nameEnd, scratch.Length), scratch.Written);
            }

            for (int i = 0; i < count; i++)
            {
                if (i > 0)
                {
                    destination.Append((byte)'&');
                }

                destination.Append(entries[i].Name(scratch.Written));
                destination.Append((byte)'=');
                destination.Append(entries[i].Value(scratch.Written));
            }
        }
        finally
        {
            scratch.Dispose();
        }
    }

    // Insertion keeps the list sorted as it grows; there are few parameters and most clients send them in order.
    private static void Insert(Span<Entry> entries, int count, Entry added, ReadOnlySpan<byte> text)
    {
        int at = count;
        while (at > 0 && added.CompareTo(entries[at - 1], text) < 0)
        {
            entries[at] = entries[at - 1];
            at--;
        }

        entries[at] = added;
    }

    /// <summary>Where the encoded name and value of one parameter stand in the scratch text.</summary>
    private readonly record struct Entry(int Start, int NameEnd, int End)
    {
        public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text) => text[Start..NameEnd];

        public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) => text[NameEnd..End];

        public int CompareTo(Entry other, ReadOnlySpan<byte> text)
        {
            int byName = Name(text).SequenceCompareTo(other.Name(text));
            return byName != 0 ? byName : Value(text).SequenceCompareTo(other.Value(text));
        }
    }
}

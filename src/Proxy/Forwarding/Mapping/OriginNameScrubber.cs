using System.Text;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// Replaces the origin's names in text for people (error messages quote ARNs, host names, arguments). Names are recognised where
/// they stand by themselves: a bucket between characters that are no letters or digits, a prefix after such a one.
/// </summary>
internal static class OriginNameScrubber
{
    public static string Scrub(string text, KeyMapping mapping)
    {
        string scrubbed = text;
        if (mapping.Prefix.Length > 0)
        {
            scrubbed = Replace(scrubbed, mapping.Prefix, "", wholeWord: false);
            string encoded = S3Uri.EncodePath(mapping.Prefix);
            scrubbed = Replace(scrubbed, encoded, "", wholeWord: false);
            scrubbed = Replace(scrubbed, encoded.Replace("/", "%2F", StringComparison.Ordinal), "", wholeWord: false);
        }

        return mapping.OriginBucket == mapping.ClientBucket
            ? scrubbed
            : Replace(scrubbed, mapping.OriginBucket, mapping.ClientBucket, wholeWord: true);
    }

    private static string Replace(string text, string name, string replacement, bool wholeWord)
    {
        int from = 0;
        int found = text.IndexOf(name, StringComparison.Ordinal);
        if (found < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (; found >= 0; found = text.IndexOf(name, from, StringComparison.Ordinal))
        {
            int end = found + name.Length;
            bool standsAlone = (found == 0 || !char.IsLetterOrDigit(text[found - 1]))
                && (!wholeWord || end == text.Length || !char.IsLetterOrDigit(text[end]));
            int next = standsAlone ? end : found + 1;
            result.Append(text, from, found - from);
            if (standsAlone)
            {
                result.Append(replacement);
            }
            else
            {
                result.Append(text[found]);
            }

            from = next;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }
}

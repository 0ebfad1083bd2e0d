using System.Globalization;
using S3Proxy.Protocol;

namespace S3Proxy.Caching;

/// <summary>
/// What an origin's answer says about how long it may be used (RFC 9111, section 5), as a shared cache reads it. Whether a reader heeds it is a matter of its
/// rule. Immutable.
/// </summary>
internal sealed record CacheDirectives
{
    /// <summary>Largest lifetime, RFC 9111, 1.2.2.</summary>
    private const long MostSeconds = int.MaxValue;

    /// <summary>An answer that says nothing.</summary>
    public static CacheDirectives None { get; } = new();

    /// <summary>How long the answer is fresh, counted from its making; null when it does not say. Zero for <c>no-cache</c> and for what cannot be understood.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How old the answer was when it came (<c>Age</c>).</summary>
    public TimeSpan Age { get; init; }

    /// <summary><c>no-store</c>: it may not be kept.</summary>
    public bool ForbidsStoring { get; init; }

    /// <summary><c>private</c>: it may not be told to anyone else.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>It may never be served stale: <c>must-revalidate</c>, <c>proxy-revalidate</c>, <c>s-maxage</c> or <c>no-cache</c>.</summary>
    public bool MustRevalidate { get; init; }

    /// <summary>Reads the headers of an answer.</summary>
    /// <param name="headers">Where <c>Cache-Control</c> and <c>Expires</c> stand.</param>
    /// <param name="age">Value of <c>Age</c>, or null.</param>
    /// <param name="date">Value of <c>Date</c>, or null.</param>
    /// <param name="now">Takes the place of a missing <paramref name="date"/>.</param>
    public static CacheDirectives Read(ReadOnlySpan<HeaderField> headers, string? age, string? date, DateTimeOffset now)
    {
        CacheDirectives said = None;
        TimeSpan? maxAge = null;
        TimeSpan? sharedMaxAge = null;
        string? expires = null;
        foreach (HeaderField field in headers)
        {
            if (string.Equals(field.Name, "Expires", StringComparison.OrdinalIgnoreCase))
            {
                expires = field.Value.ToString();
            }
            else if (string.Equals(field.Name, "Cache-Control", StringComparison.OrdinalIgnoreCase))
            {
                // Line by line: a quote that one of them leaves open is no matter of the next.
                foreach (string? list in field.Value)
                {
                    said = Heed(said, list ?? "", ref maxAge, ref sharedMaxAge);
                }
            }
        }

        TimeSpan? lifetime = said.Lifetime ?? sharedMaxAge ?? maxAge ?? LifetimeUntil(expires, date, now);
        if (age is not null)
        {
            said = said with { Age = Seconds(age) };
        }

        return lifetime is null ? said : said with { Lifetime = lifetime };
    }

    private static CacheDirectives Heed(CacheDirectives said, string list, ref TimeSpan? maxAge, ref TimeSpan? sharedMaxAge)
    {
        int next = 0;
        while (next < list.Length)
        {
            ReadOnlySpan<char> directive = Next(list, ref next);
            int equals = directive.IndexOf('=');
            ReadOnlySpan<char> name = (equals < 0 ? directive : directive[..equals]).Trim();
            ReadOnlySpan<char> argument = equals < 0 ? default : directive[(equals + 1)..].Trim().Trim('"');
            if (Is(name, "no-store"))
            {
                said = said with { ForbidsStoring = true };
            }
            else if (Is(name, "private"))
            {
                said = said with { IsPrivate = true };
            }
            else if (Is(name, "no-cache"))
            {
                said = said with { Lifetime = TimeSpan.Zero, MustRevalidate = true };
            }
            else if (Is(name, "must-revalidate") || Is(name, "proxy-revalidate"))
            {
                said = said with { MustRevalidate = true };
            }
            else if (Is(name, "max-age"))
            {
                maxAge = Least(maxAge, Seconds(argument));
            }
            else if (Is(name, "s-maxage"))
            {
                sharedMaxAge = Least(sharedMaxAge, Seconds(argument));
                said = said with { MustRevalidate = true };
            }
        }

        return said;
    }

    /// <summary>The next item of a list whose items may hold quoted commas.</summary>
    private static ReadOnlySpan<char> Next(string list, ref int next)
    {
        int start = next;
        while (next < list.Length && list[next] != ',')
        {
            next = (list[next] == '"' ? EndOfQuoted(list, next) : next) + 1;
        }

        return list.AsSpan(start, next++ - start);
    }

    /// <summary>
    /// Where the text in quotes that begins at <paramref name="open"/> ends (RFC 9110, 5.6.4); where it begins when it does not end, so that no directive behind it
    /// is overlooked.
    /// </summary>
    private static int EndOfQuoted(string list, int open)
    {
        for (int i = open + 1; i < list.Length; i++)
        {
            if (list[i] == '\\')
            {
                i++;
            }
            else if (list[i] == '"')
            {
                return i;
            }
        }

        return open;
    }

    private static bool Is(ReadOnlySpan<char> name, string directive) => name.Equals(directive, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Least(TimeSpan? known, TimeSpan said) => known is { } other && other < said ? other : said;

    private static TimeSpan Seconds(ReadOnlySpan<char> text)
    {
        // What is no number counts as stale (RFC 9111, 4.2.1); one that is too large, as the largest.
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            return TimeSpan.Zero;
        }

        return TimeSpan.FromSeconds(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? Math.Min(seconds, MostSeconds) : MostSeconds);
    }

    private static TimeSpan? LifetimeUntil(string? expires, string? date, DateTimeOffset now)
    {
        if (expires is null)
        {
            return null;
        }

        TimeSpan lifetime = HttpDate.TryParse(expires, out DateTimeOffset end)
            ? end - (HttpDate.TryParse(date, out DateTimeOffset made) ? made : now)
            : TimeSpan.Zero;
        if (lifetime < TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        return lifetime > TimeSpan.FromSeconds(MostSeconds) ? TimeSpan.FromSeconds(MostSeconds) : lifetime;
    }
}

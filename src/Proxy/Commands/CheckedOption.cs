using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using S3Proxy.Configuration.Schema;
using S3Proxy.Protocol;

namespace S3Proxy.Commands;

/// <summary>Options and arguments that are checked while they are read; what is refused is told with what is expected.</summary>
internal static class CheckedOption
{
    // Timers take 49 days at most.
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Count(string name, string description, int least, int most, int standard) => new(name)
    {
        Description = $"{description} {least} to {most.ToString("N0", CultureInfo.InvariantCulture)}.",
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result => TryCount(result, name, least, most) ?? 0,
    };

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>; absent unless it is given.</summary>
    public static Option<int?> OptionalCount(string name, string description, int least, int most) => new(name)
    {
        Description = $"{description} {least} to {most.ToString("N0", CultureInfo.InvariantCulture)}.",
        HelpName = "N",
        CustomParser = result => TryCount(result, name, least, most),
    };

    /// <summary>A size such as <c>8MiB</c>, at least a byte.</summary>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(TextOf(result), out long bytes) && bytes > 0)
            {
                return bytes;
            }

            result.AddError($"{name}: '{TextOf(result)}' is no size. Write one such as 512MiB.");
            return null;
        },
    };

    /// <summary>A duration such as <c>30s</c>, longer than nothing and at most a day; null unless it is given.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="standard">What is meant where it is not given, as people write it.</param>
    public static Option<TimeSpan?> Duration(string name, string description, string standard) => new(name)
    {
        Description = $"{description} [default: {standard}]",
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DurationText.TryParse(TextOf(result), out TimeSpan duration) && duration > TimeSpan.Zero && duration <= LongestDuration)
            {
                return duration;
            }

            result.AddError($"{name}: '{TextOf(result)}' is no duration up to a day. Write one such as 30s or 500ms.");
            return null;
        },
    };

    /// <summary>The name of a bucket, as clients know it.</summary>
    public static Argument<string?> Bucket(string description)
    {
        Argument<string?> argument = new("BUCKET") { Description = description, Arity = ArgumentArity.ExactlyOne };
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !BucketName.TryParse(TextOf(result), out _))
            {
                result.AddError($"'{TextOf(result)}' cannot be the name of a bucket. Write it as clients do.");
            }
        });
        return argument;
    }

    private static int? TryCount(ArgumentResult result, string name, int least, int most)
    {
        if (int.TryParse(TextOf(result), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{TextOf(result)}' is not a whole number from {least} to {most:N0}."));
        return null;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
}

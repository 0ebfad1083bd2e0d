using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Commands;

/// <summary>Command-line options that are checked when they are read; what is refused is told with what is expected.</summary>
internal static class CheckedOption
{
    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Create(string name, string description, int least, int most, int standard)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<int>() is int value && (value < least || value > most))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it goes from {least} to {most}."));
            }
        });
        return option;
    }

    /// <summary>A size in bytes, read as <see cref="ByteSize.Parse"/> does.</summary>
    public static Option<long?> CreateSize(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = ReadSize,
    };

    /// <summary>An absolute http URL.</summary>
    public static Option<Uri?> CreateUrl(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = ReadUrl,
    };

    private static Uri? ReadUrl(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is ("http" or "https"))
        {
            return url;
        }

        result.AddError($"'{text}' is no URL. Write one such as http://127.0.0.1:9000/.");
        return null;
    }

    private static long? ReadSize(ArgumentResult result)
    {
        try
        {
            return ByteSize.Parse(result.Tokens.Single().Value);
        }
        catch (FormatException failure)
        {
            result.AddError(failure.Message);
            return null;
        }
    }
}

using System.Globalization;

namespace S3Proxy.Micro.Coordination;

/// <summary>Options of the comparison.</summary>
internal sealed record CoordinationOptions
{
    /// <summary>Rounds in which everything is measured once, in turn.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>Length of one measurement.</summary>
    public TimeSpan Duration { get; private init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Folder for the report.</summary>
    public string Folder { get; private init; } = "loadtests/results";

    /// <summary>Reads <c>--rounds N --milliseconds N --output FOLDER</c>; null, with a word on stderr, when that is not what is there.</summary>
    public static CoordinationOptions? Parse(ReadOnlySpan<string> args)
    {
        CoordinationOptions options = new();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;
            CoordinationOptions? next = args[i] switch
            {
                "--rounds" when isNumber => options with { Rounds = number },
                "--milliseconds" when isNumber => options with { Duration = TimeSpan.FromMilliseconds(number) },
                "--output" when value.Length > 0 => options with { Folder = value },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine($"coordination does not take \"{args[i]} {value}\": it takes --rounds N, --milliseconds N and --output FOLDER.");
                return null;
            }

            options = next;
        }

        return options;
    }
}

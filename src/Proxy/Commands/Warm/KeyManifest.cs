using System.Text;
using System.Text.Unicode;
using S3Proxy.Commands.Printing;
using S3Proxy.Configuration.Reading;
using S3Proxy.Protocol;
using S3Proxy.Warming;

namespace S3Proxy.Commands.Warm;

/// <summary>A list of keys, one a line, in a file or on standard input.</summary>
internal static class KeyManifest
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>As the admin port takes it.</summary>
    private const int MaxBytes = 8 << 20;

    private static readonly string SplitRemedy = $"Split it into lists of at most {Figures.Count(WarmRequest.MaxKeys)} keys and {MaxBytes >> 20} MiB, and warm them up one after the other.";

    /// <summary>The list as it is, without a byte order mark, once every key of it was found to be one.</summary>
    /// <exception cref="CommandException">It cannot be read, or is no list of keys.</exception>
    public static async Task<byte[]> ReadAsync(string file, CommandContext context, CancellationToken cancellationToken)
    {
        string place = file == StandardInput ? "standard input" : file;
        byte[] bytes;
        try
        {
            await using Stream stream = file == StandardInput ? context.OpenInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bytes = await ReadAsync(stream, place, cancellationToken);
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            throw new CommandException(ExitCodes.BadInput, place, $"The list of keys cannot be read: {BoundedFile.Describe(refused)}.", "Name a file with a key a line, or - for standard input.");
        }

        ReadOnlyMemory<byte> list = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        Check(list.Span, place);
        return list.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string place, CancellationToken cancellationToken)
    {
        using MemoryStream list = new();
        byte[] buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            list.Write(buffer, 0, read);
            if (list.Length > MaxBytes)
            {
                throw new CommandException(ExitCodes.BadInput, place, $"The list of keys has more than {MaxBytes >> 20} MiB.", SplitRemedy);
            }
        }

        return list.ToArray();
    }

    private static void Check(ReadOnlySpan<byte> list, string place)
    {
        int line = 0;
        int keys = 0;
        foreach (Range range in list.Split((byte)'\n'))
        {
            line++;
            ReadOnlySpan<byte> key = list[range].TrimEnd((byte)'\r');
            if (key.IsEmpty)
            {
                continue;
            }

            keys++;
            if (key.Length > ObjectKey.MaxBytes || !Utf8.IsValid(key))
            {
                throw new CommandException(ExitCodes.BadInput, $"{place}:{line}", "This is no key of 1 to 1,024 bytes of UTF-8.", "Write a key a line, as it is: not percent-encoded.");
            }
        }

        if (keys is 0 or > WarmRequest.MaxKeys)
        {
            throw keys == 0
                ? new CommandException(ExitCodes.BadInput, place, "There is no key in the list.", "Write a key a line.")
                : new CommandException(ExitCodes.BadInput, place, $"There are {Figures.Count(keys)} keys in the list.", SplitRemedy);
        }
    }
}

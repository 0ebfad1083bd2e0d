using System.CommandLine;
using S3Proxy.Configuration.Reading;

namespace S3Proxy.Commands.Asking;

/// <summary>What all commands that ask a running proxy take: where its admin port is, and the token for it. The token itself is never an argument, where other users of the machine could see it.</summary>
internal sealed class ClientOptions
{
    /// <summary>The variable for the address.</summary>
    public const string AddressVariable = "S3PROXY_ADMIN_URL";

    /// <summary>The variable for the token.</summary>
    public const string TokenVariable = "S3PROXY_ADMIN_TOKEN";

    /// <summary>Where the admin port is by default.</summary>
    public const string DefaultAddress = "http://127.0.0.1:9001";

    private const int MaxTokenFileBytes = 16 << 10;

    private readonly Option<string?> _address = new("--admin")
    {
        Description = $"The admin port of the proxy. Else {AddressVariable}, else {DefaultAddress}.",
        HelpName = "URL",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"A file with the token of the admin port. Else {TokenVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = NewJsonOption();

    /// <summary>A command with these options added to its own.</summary>
    public static ClientOptions AddTo(Command command)
    {
        ClientOptions options = new();
        command.Add(options._address);
        command.Add(options._tokenFile);
        command.Add(options._json);
        return options;
    }

    /// <summary>Whether the result is for a program.</summary>
    public static Option<bool> NewJsonOption() => new("--json") { Description = "Print one JSON document and nothing else." };

    /// <inheritdoc cref="NewJsonOption"/>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>A client for the proxy that the arguments, or else the variables, name.</summary>
    /// <exception cref="CommandException">The address or the file of the token is of no use.</exception>
    public AdminClient Connect(ParseResult parsed, CommandContext context)
    {
        string? written = parsed.GetValue(_address);
        string place = written is not null ? "--admin" : AddressVariable;
        string text = written ?? context.Variable(AddressVariable) ?? DefaultAddress;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.PathAndQuery != "/" || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            // The text is not told: somebody may have written a password into it.
            throw new CommandException(ExitCodes.BadInput, place, "This is no address of an admin port.", $"Write scheme, host and port, such as {DefaultAddress}.");
        }

        return new AdminClient(address, ReadToken(parsed, context), context.Time);
    }

    private string? ReadToken(ParseResult parsed, CommandContext context)
    {
        if (parsed.GetValue(_tokenFile) is not { } file)
        {
            return context.Variable(TokenVariable) is { } value ? Check(value.Trim(), TokenVariable) : null;
        }

        try
        {
            return Check(BoundedFile.Read(file, MaxTokenFileBytes).Trim(), file);
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            throw new CommandException(ExitCodes.BadInput, file, $"The token cannot be read: {BoundedFile.Describe(refused)}.", "Name a file that holds the token and nothing else.");
        }
    }

    private static string Check(string token, string place) => token.Length > 0 && token.All(character => character is > ' ' and <= '~')
        ? token
        : throw new CommandException(ExitCodes.BadInput, place, "This is no token: it is empty, or has spaces or characters that are not ASCII.", "Put the token there and nothing else.");
}

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads a secret written in the file, in a file of its own or in an environment variable. No message repeats it or where it was looked for.</summary>
internal static class SecretReader
{
    private const int MaxFileBytes = 64 << 10;

    /// <summary>True when the secret is written in any of the three forms.</summary>
    public static bool IsGiven(Section section, string name) => section.Has(name) || section.Has(name + "File") || section.Has(name + "Env");

    /// <summary>The secret, trimmed; null when it is absent, or refused with an error added.</summary>
    public static string? Read(Section section, string name)
    {
        string fileKey = name + "File";
        string environmentKey = name + "Env";
        if (new[] { name, fileKey, environmentKey }.Count(section.Has) > 1)
        {
            section.Refuse($"give only one of {name}, {fileKey} and {environmentKey}");
            return null;
        }

        if (section.Setting(fileKey) is { Text: not null } file)
        {
            return Check(section, fileKey, FromFile(section, fileKey, file));
        }

        if (section.Setting(environmentKey).Text is { } variable)
        {
            if (section.Context.Environment.TryGetValue(variable, out string? value))
            {
                return Check(section, environmentKey, value);
            }

            section.Refuse(environmentKey, "names an environment variable that is not set");
            return null;
        }

        return section.Setting(name).Text?.Trim();
    }

    private static string? Check(Section section, string key, string? found)
    {
        string? secret = found?.Trim();
        if (secret is null || (secret.Length > 0 && !secret.Any(char.IsControl)))
        {
            return secret;
        }

        section.Refuse(key, secret.Length == 0 ? "leads to an empty secret" : "leads to a secret with a control character; it must be one line");
        return null;
    }

    private static string? FromFile(Section section, string key, Setting file)
    {
        try
        {
            return BoundedFile.TextOf(section.Context.ReadFile(file, MaxFileBytes));
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            section.Refuse(key, $"the file cannot be read: {BoundedFile.Describe(refused)}");
            return null;
        }
    }
}

using System.Collections.Frozen;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>log</c> and <c>accessLog</c>.</summary>
internal static class LogSection
{
    public static LogConfiguration Read(Section section)
    {
        Section categories = section.Child("categories");
        return new LogConfiguration
        {
            Format = section.Choice<LogFormat>("format"),
            Level = section.Choice<LogLevel>("level"),
            Categories = categories.Named().ToFrozenDictionary(category => category.Name, category => categories.Choice(category.Name, LogLevel.Information), StringComparer.Ordinal),
        };
    }

    public static AccessLogConfiguration ReadAccess(Section section)
    {
        string? path = section.Text("path");
        if (path is { Length: 0 })
        {
            section.Refuse("path", "is empty; write a file, or remove the key for standard output");
        }

        return new AccessLogConfiguration
        {
            Format = section.Choice<AccessLogFormat>("format"),
            Path = path is null ? null : Path.GetFullPath(Path.Combine(section.Context.Directory, path)),
            Sample = section.Share("sample"),
            Queue = section.Integer("queue"),
        };
    }
}

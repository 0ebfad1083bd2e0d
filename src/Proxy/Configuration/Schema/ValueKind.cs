namespace S3Proxy.Configuration.Schema;

/// <summary>What the value of a key must be.</summary>
internal enum ValueKind
{
    /// <summary>A mapping with the keys of the table.</summary>
    Mapping,

    /// <summary>A mapping whose keys are names the user chooses.</summary>
    NamedMapping,

    /// <summary>A list.</summary>
    List,

    /// <summary>Any text without control characters.</summary>
    Text,

    /// <summary>A text that is never repeated in a message.</summary>
    Secret,

    /// <summary><c>http://HOST:PORT</c></summary>
    Url,

    /// <summary>One word of a fixed set.</summary>
    Choice,

    /// <summary><c>true</c> or <c>false</c></summary>
    Flag,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a decimal point, such as <c>0.0004</c>.</summary>
    Decimal,

    /// <summary>A number of bytes, such as <c>1MiB</c>.</summary>
    Size,

    /// <summary>A share in percent, such as <c>10%</c>.</summary>
    Share,

    /// <summary>A time, such as <c>1m30s</c>.</summary>
    Duration,
}

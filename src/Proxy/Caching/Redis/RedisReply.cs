using System.Globalization;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>What a script answered: nothing, a number, bytes, or a list of replies. Immutable.</summary>
internal readonly struct RedisReply
{
    private readonly object? _value;

    private RedisReply(object? value) => _value = value;

    /// <summary>True for nil, and for what a script did not answer.</summary>
    public bool IsNull => _value is null;

    /// <summary>The list's replies; empty for what is no list.</summary>
    public IReadOnlyList<RedisReply> Items => _value as RedisReply[] ?? [];

    /// <summary>The bytes; empty for nil and lists.</summary>
    public byte[] Bytes => _value switch
    {
        byte[] bytes => bytes,
        long number => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
        _ => [],
    };

    /// <summary>The bytes as UTF-8; empty for nil and lists.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The number, also one that came as its digits; 0 for anything else.</summary>
    public long Number => _value is long number ? number : long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed) ? parsed : 0;

    public static RedisReply Of(long number) => new(number);

    public static RedisReply Of(byte[]? bytes) => new(bytes);

    public static RedisReply Of(RedisReply[] items) => new(items);
}

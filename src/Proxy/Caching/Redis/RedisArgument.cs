using System.Globalization;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>An argument of a script: bytes, or a number or text as the bytes of its characters. Immutable.</summary>
internal readonly struct RedisArgument(byte[] bytes)
{
    /// <summary>What is sent. Not to be changed.</summary>
    public byte[] Bytes { get; } = bytes;

    public static implicit operator RedisArgument(byte[] bytes) => new(bytes);

    public static implicit operator RedisArgument(string text) => new(Encoding.UTF8.GetBytes(text));

    public static implicit operator RedisArgument(long number) => new(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}

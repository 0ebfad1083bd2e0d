using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Caching.Redis;

/// <summary>A Lua script, embedded in the assembly from <c>Scripts/NAME.lua</c>. Immutable; servers know it by the SHA-1 of its text (Redis, EVALSHA).</summary>
internal sealed class RedisScript
{
    private RedisScript(string name, string text)
    {
        Name = name;
        Text = text;
#pragma warning disable CA5350 // EVALSHA names scripts by SHA-1; nothing secret depends on it.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    /// <summary>For logs and metrics.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>20 bytes.</summary>
    public byte[] Hash { get; }

    /// <summary>Reads the script <paramref name="name"/>; every folder that has scripts embeds them as <c>NAME.lua</c>.</summary>
    public static RedisScript Load(string name)
    {
        using Stream source = typeof(RedisScript).Assembly.GetManifestResourceStream(name + ".lua")
            ?? throw new InvalidOperationException($"Script {name}.lua is not embedded.");
        using StreamReader reader = new(source, Encoding.UTF8);
        return new RedisScript(name, reader.ReadToEnd());
    }

    /// <summary>A script of a test.</summary>
    public static RedisScript Of(string name, string text) => new(name, text);
}

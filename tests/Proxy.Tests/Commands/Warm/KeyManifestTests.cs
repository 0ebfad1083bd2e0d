using System.Text;
using S3Proxy.Commands;
using S3Proxy.Commands.Warm;

namespace S3Proxy.Tests.Commands.Warm;

/// <summary>Lists are judged before anything is asked of the proxy.</summary>
public sealed class KeyManifestTests
{
    [Theory]
    [InlineData("a\nb\n", "a\nb\n")]
    [InlineData("\uFEFFa\r\n\n b ü\n", "a\r\n\n b ü\n")]
    public async Task A_list_is_passed_on_as_it_is_without_a_mark(string list, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(await ReadAsync(Encoding.UTF8.GetBytes(list))));

    [Fact]
    public async Task What_is_no_list_of_keys_is_told_with_its_line()
    {
        Assert.Contains("There is no key in the list", (await FailAsync("\n\r\n"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.StartsWith("standard input:2: This is no key", (await FailAsync([.. "a\n"u8, 0xff, .. "\nb"u8])).Message, StringComparison.Ordinal);
        Assert.StartsWith("standard input:3: This is no key", (await FailAsync(Encoding.UTF8.GetBytes("a\n\n" + new string('k', 1025)))).Message, StringComparison.Ordinal);
        Assert.Contains("100,001 keys", (await FailAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("k\n", 100_001))))).Message, StringComparison.Ordinal);
        Assert.Contains("more than 8 MiB", (await FailAsync(new byte[(8 << 20) + 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told()
    {
        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => KeyManifest.ReadAsync("/nowhere/keys.txt", Context([]), CancellationToken.None));

        Assert.Equal(ExitCodes.BadInput, failure.ExitCode);
        Assert.StartsWith("/nowhere/keys.txt: The list of keys cannot be read: there is no such file.", failure.Message, StringComparison.Ordinal);
    }

    private static Task<byte[]> ReadAsync(byte[] list) => KeyManifest.ReadAsync("-", Context(list), CancellationToken.None);

    private static async Task<CommandException> FailAsync(byte[] list)
    {
        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(list));
        Assert.Equal(ExitCodes.BadInput, failure.ExitCode);
        return failure;
    }

    private static CommandContext Context(byte[] input) => new(TextWriter.Null, TextWriter.Null, new Dictionary<string, string>()) { OpenInput = () => new MemoryStream(input) };
}

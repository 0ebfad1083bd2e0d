namespace S3Proxy.Tests.Origin;

/// <summary>Keys that break signatures elsewhere (requirement S8).</summary>
public static class TrickyKeys
{
    public static IReadOnlyList<string> Values { get; } =
    [
        "plain.txt", "a b", "a+b", "a b+c (1).txt", "é/ü/😀", "日本語", "a//b", "//a", "a/", "a/../b", "../../x", "./x", "a/./b", "a%2Fb", "a%25b", "100%", "~tilde~",
        "star*", "it's", "q?x=1&y", "hash#tag", "semi;colon:@,=$", "back\\slash", "\"quoted\"", "<tag>", "{brace}|^`", "!bang[1]", "e\u0301",
    ];

    public static TheoryData<string> All => [.. Values];
}

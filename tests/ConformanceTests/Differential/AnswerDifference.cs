namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Something about an answer that is not the same without and with the proxy.</summary>
/// <param name="Field"><c>status</c>, <c>header NAME</c>, <c>xml ELEMENT</c> (a child of the document's root), <c>body</c>, or <c>x-cache</c> where the cache should have been used.</param>
/// <param name="Direct">Without the proxy.</param>
/// <param name="Proxied">With it.</param>
internal sealed record AnswerDifference(string Field, string Direct, string Proxied)
{
    public override string ToString() => $"{Field}: direct '{Shorten(Direct)}', proxied '{Shorten(Proxied)}'";

    private static string Shorten(string text) => text.Length <= 300 ? text : text[..300] + "...";
}

namespace S3Proxy.FunctionalTests;

/// <summary>Compares what the proxy answered with what the origin answers to the same request (requirement S10).</summary>
internal static class AnswerComparison
{
    /// <summary>
    /// Status, headers and body must be the same. Errors that the proxy writes by itself may be worded differently but for their code, and S3 servers differ in
    /// which content headers an error without a body has.
    /// </summary>
    public static void AssertSame(Answer direct, Answer proxied, string request)
    {
        bool isOwnError = direct.Status is 412 or 416 || (direct.Status >= 400 && direct.Body.Length == 0);
        string expected = isOwnError ? Essence(direct) : direct.ToString();
        string actual = isOwnError ? Essence(proxied) : proxied.ToString();
        bool same = expected == actual && (isOwnError || direct.Body == proxied.Body);
        Assert.True(same, $"{request}\n--- origin\n{direct}\n--- proxy\n{proxied}");
    }

    /// <summary>What must agree where the proxy writes the error by itself: status, code and the range of the object.</summary>
    private static string Essence(Answer answer)
    {
        int start = answer.Body.IndexOf("<Code>", StringComparison.Ordinal);
        int end = answer.Body.IndexOf("</Code>", StringComparison.Ordinal);
        string code = start < 0 ? "" : answer.Body[start..end];
        return $"{answer.Status} {code} {answer.Headers.GetValueOrDefault("Content-Range")}";
    }
}

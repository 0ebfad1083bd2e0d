using System.Net.Http.Headers;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>Reads of objects through the proxy whose bodies are checked byte by byte.</summary>
internal static class Reads
{
    public const int MiB = 1 << 20;

    /// <summary>Sends an unsigned GET and comes back with its headers.</summary>
    public static Task<HttpResponseMessage> OpenAsync(TestProxy proxy, string key, long? first = null, long? last = null)
    {
        HttpRequestMessage message = new(HttpMethod.Get, $"/{TestProxy.Bucket}/{key}");
        if (first is not null || last is not null)
        {
            message.Headers.Range = new RangeHeaderValue(first, last);
        }

        return proxy.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Reads the whole object, checks each byte and returns its <c>x-cache</c>.</summary>
    public static async Task<string> WholeAsync(TestProxy proxy, string key, SyntheticContent content)
    {
        using HttpResponseMessage response = await OpenAsync(proxy, key);
        return await RestAsync(response, content);
    }

    /// <summary>Reads a range, checks each byte and returns its <c>x-cache</c>.</summary>
    public static async Task<string> RangeAsync(TestProxy proxy, string key, SyntheticContent content, long first, long last)
    {
        using HttpResponseMessage response = await OpenAsync(proxy, key, first, last);
        Assert.Equal(206, (int)response.StatusCode);
        Assert.Equal($"bytes {first}-{last}/{content.Length}", response.Content.Headers.ContentRange?.ToString());
        await using Stream body = await response.Content.ReadAsStreamAsync();
        BodyCheckResult check = await BodyCheck.VerifyAsync(body, content, first, last - first + 1);
        Assert.True(check.IsExact, check.ToString());
        return OutcomeOf(response);
    }

    /// <summary>Reads the body of an open 200 and checks each byte.</summary>
    public static async Task<string> RestAsync(HttpResponseMessage response, SyntheticContent content)
    {
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        BodyCheckResult check = await BodyCheck.VerifyAsync(body, content);
        Assert.True(check.IsExact, check.ToString());
        return OutcomeOf(response);
    }

    /// <summary>
    /// Reads a body that must not come to a clean end: what came must be a true beginning of <paramref name="content"/>. True when the read failed.
    /// </summary>
    public static async Task<bool> BreaksOffAsync(HttpResponseMessage response, SyntheticContent content)
    {
        IntegrityStream sink = new(content, 0, content.Length);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync();
            await BodyCheck.DrainAsync(body, sink);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            Assert.True(sink.Result.IsPrefix, sink.Result.ToString());
            return true;
        }

        Assert.True(sink.Result.IsPrefix, sink.Result.ToString());
        return false;
    }

    public static string OutcomeOf(HttpResponseMessage response) => string.Join(',', response.Headers.GetValues("x-cache"));
}

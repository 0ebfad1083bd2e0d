using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.FastPath;
using S3Proxy.Tests.Transport;

namespace S3Proxy.Tests.FastPath;

/// <summary>Stages that know <c>/hit/N</c>, with a body of so many bytes, and leave all else to the server. <c>/bug</c> fails.</summary>
internal sealed class ScriptedPipeline(PagePool pages) : IInstantPipeline, IDisposable
{
    private readonly Dictionary<int, SharedBody> _bodies = [];
    private int _ended;

    /// <summary>Answers that were handed over.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Whether counting an answer fails.</summary>
    public bool FailsToEnd { get; set; }

    /// <summary>Called for each request before it is judged.</summary>
    public Action<HttpContext> Asked { get; set; } = static _ => { };

    /// <summary>The bytes of a body.</summary>
    public static byte[] ContentOf(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    public bool MayAnswer { get; set; } = true;

    public bool TryAnswer(HttpContext http, SharedBodyCursor body, out InstantAnswer answer)
    {
        Asked(http);
        string target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        answer = default;
        if (target == "/bug")
        {
            throw new InvalidOperationException("A bug.");
        }

        if (!target.StartsWith("/hit/", StringComparison.Ordinal))
        {
            return false;
        }

        int bytes = int.Parse(target.AsSpan(5), CultureInfo.InvariantCulture);
        http.Response.ContentLength = bytes;
        if (bytes > 0)
        {
            Assert.True(body.TryMoveTo(BodyOf(bytes), 0));
        }

        answer = new InstantAnswer(null!, bytes);
        return true;
    }

    public void End(HttpContext http, in InstantAnswer answer, int sentBytes)
    {
        Interlocked.Increment(ref _ended);
        if (FailsToEnd)
        {
            throw new InvalidOperationException("A bug.");
        }
    }

    public void Dispose()
    {
        foreach (SharedBody body in _bodies.Values)
        {
            body.Release();
        }
    }

    private SharedBody BodyOf(int bytes)
    {
        lock (_bodies)
        {
            if (!_bodies.TryGetValue(bytes, out SharedBody? body))
            {
                _bodies[bytes] = body = new SharedBody(bytes);
                byte[] content = ContentOf(bytes);
                for (int offset = 0; offset < bytes;)
                {
                    Memory<byte> memory = body.GetWriteMemory(new ReservingPool(pages));
                    content.AsMemory(offset, memory.Length).CopyTo(memory);
                    body.Publish(memory.Length);
                    offset += memory.Length;
                }

                body.End(complete: true);
            }

            return body;
        }
    }
}

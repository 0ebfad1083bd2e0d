using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Writes of every kind through the proxy are seen at once and streamed; requirements S6, S7, I1, I3.</summary>
public sealed class WriteTests : IAsyncLifetime
{
    private TestProxy _proxy = null!;
    private AmazonS3Client _sdk = null!;

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        _sdk = SdkClients.Create(_proxy.Data);
    }

    public async Task DisposeAsync()
    {
        _sdk.Dispose();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Put_delete_and_copy_are_seen_by_the_next_read()
    {
        await PutAsync("a", "one");
        Assert.Equal("one", await ReadTwiceAsync("a"));
        await PutAsync("a", "two");
        Assert.Equal("two", await ReadTwiceAsync("a"));
        await PutAsync("b", "bee");
        Assert.Equal("bee", await ReadTwiceAsync("b"));

        await _sdk.CopyObjectAsync(TestProxy.Bucket, "a", TestProxy.Bucket, "b");
        Assert.Equal("two", await ReadTwiceAsync("b"));

        await _sdk.DeleteObjectAsync(TestProxy.Bucket, "a");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("a"));
        Assert.Equal("two", await ReadTwiceAsync("b"));
    }

    [Fact]
    public async Task Delete_objects_is_seen_for_each_of_its_keys()
    {
        string[] keys = ["x/1", "x/2 +&<>", "x/é"];
        foreach (string key in keys)
        {
            await PutAsync(key, "here");
            Assert.Equal("here", await ReadTwiceAsync(key));
        }

        DeleteObjectsResponse deleted = await _sdk.DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = TestProxy.Bucket,
            Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
        });

        Assert.Equal(keys, deleted.DeletedObjects.Select(entry => entry.Key));
        foreach (string key in keys)
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(key));
        }
    }

    [Fact]
    public async Task A_completed_multipart_upload_is_seen_by_the_next_read()
    {
        await PutAsync("parts", "old");
        Assert.Equal("old", await ReadTwiceAsync("parts"));
        SyntheticContent content = new(6 * Reads.MiB, 9);
        byte[] bytes = new byte[content.Length];
        content.Fill(0, bytes);

        InitiateMultipartUploadResponse upload = await _sdk.InitiateMultipartUploadAsync(TestProxy.Bucket, "parts");
        List<PartETag> parts = [];
        foreach ((int number, int start, int end) in (IEnumerable<(int, int, int)>)[(1, 0, 5 * Reads.MiB), (2, 5 * Reads.MiB, bytes.Length)])
        {
            using MemoryStream part = new(bytes, start, end - start);
            UploadPartResponse uploaded = await _sdk.UploadPartAsync(new UploadPartRequest
            {
                BucketName = TestProxy.Bucket,
                Key = "parts",
                UploadId = upload.UploadId,
                PartNumber = number,
                InputStream = part,
                UseChunkEncoding = false,
            });
            parts.Add(new PartETag(number, uploaded.ETag));
        }

        Assert.Equal("old", await ReadTwiceAsync("parts"));
        await _sdk.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = TestProxy.Bucket,
            Key = "parts",
            UploadId = upload.UploadId,
            PartETags = parts,
        });

        using HttpResponseMessage response = await _proxy.Signed.GetAsync("parts");
        await Reads.RestAsync(response, content);
    }

    /// <summary>tag #106: a read that raced a write must not put the old body back.</summary>
    [Fact]
    public async Task A_get_that_a_put_overtook_is_not_kept()
    {
        await PutAsync("raced", "old");
        OriginGate gate = new();
        _proxy.Origin.Faults.Add(RequestMatch.Get("raced").Nth(1), new FaultEffects { HoldBeforeHeaders = gate });
        Task<byte[]> overtaken = _proxy.Signed.ReadAsync("raced");
        await gate.ArrivedAsync(1);

        await PutAsync("raced", "new");
        Assert.Equal("new", await ReadTwiceAsync("raced"));
        gate.Release();
        Assert.Equal("old", Encoding.UTF8.GetString(await overtaken));

        Assert.Equal("new", await ReadTwiceAsync("raced"));
    }

    [Fact]
    public async Task A_get_that_came_during_a_put_is_not_kept()
    {
        await PutAsync("raced", "old");
        OriginGate put = new();
        _proxy.Origin.Faults.Add(new RequestMatch { Operation = OriginOperation.PutObject }, new FaultEffects { HoldOnArrival = put });
        Task write = PutAsync("raced", "new");
        await put.ArrivedAsync(1);
        Assert.Equal("old", await ReadTwiceAsync("raced"));
        put.Release();
        await write;

        Assert.Equal("new", await ReadTwiceAsync("raced"));
    }

    /// <summary>The origin may have carried out a write whose answer was lost: reads ask until that is past doubt.</summary>
    [Fact]
    public async Task After_a_put_without_an_answer_every_read_asks_the_origin()
    {
        await PutAsync("lost", "old");
        Assert.Equal("old", await ReadTwiceAsync("lost"));
        _proxy.Origin.Faults.Add(new RequestMatch { Operation = OriginOperation.PutObject }, new FaultEffects { CutBeforeHeaders = true });

        using (HttpResponseMessage put = await _proxy.Signed.PutAsync("lost", "new"u8.ToArray()))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, put.StatusCode);
            Assert.Contains("<Code>ServiceUnavailable</Code>", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        for (int i = 0; i < 3; i++)
        {
            long asked = _proxy.Origin.Traffic.GetCount;
            Assert.Equal("new", Encoding.UTF8.GetString(await _proxy.Signed.ReadAsync("lost")));
            Assert.True(_proxy.Origin.Traffic.GetCount > asked, "a read was answered without asking");
        }

        _proxy.Origin.Overwrite(TestProxy.Bucket, "lost", "later"u8.ToArray());
        Assert.Equal("later", Encoding.UTF8.GetString(await _proxy.Signed.ReadAsync("lost")));
    }

    /// <summary>Read-your-writes on few keys with readers beside: nobody sees an older body than the last that was acknowledged when it asked.</summary>
    [Fact]
    public async Task Nobody_reads_older_than_what_was_acknowledged()
    {
        const int Keys = 3;
        const int Rounds = 200;
        long[] acknowledged = new long[Keys];
        bool done = false;
        for (int key = 0; key < Keys; key++)
        {
            await PutAsync($"k{key}", "0");
        }

        async Task WriteAsync(int key)
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await PutAsync($"k{key}", round.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Volatile.Write(ref acknowledged[key], round);
                await AssertNotOlderAsync(key);
            }
        }

        async Task AssertNotOlderAsync(int key)
        {
            long floor = Volatile.Read(ref acknowledged[key]);
            long seen = long.Parse(Encoding.UTF8.GetString(await _proxy.Signed.ReadAsync($"k{key}")), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(seen >= floor, $"key {key}: read {seen} after {floor} was acknowledged");
        }

        async Task ReadAsync(int seed)
        {
            for (int i = seed; !Volatile.Read(ref done); i++)
            {
                await AssertNotOlderAsync(i % Keys);
            }
        }

        Task[] readers = [.. Enumerable.Range(0, 6).Select(ReadAsync)];
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Keys).Select(WriteAsync));
        }
        finally
        {
            Volatile.Write(ref done, true);
            await Task.WhenAll(readers);
        }
    }

    /// <summary>The origin must see the upload while most of the body is still with the client.</summary>
    [Fact]
    public async Task An_upload_of_64_mib_is_streamed()
    {
        SyntheticContent content = new(64 * Reads.MiB, 5);
        using GatedUpload upload = new(content, _proxy.Origin.Traffic);
        using HttpResponseMessage put = await _proxy.Signed.SendAsync(HttpMethod.Put, TestProxy.Bucket, "large", body: upload);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        using HttpResponseMessage response = await _proxy.Signed.GetAsync("large");
        await Reads.RestAsync(response, content);
    }

    /// <summary>A client that breaks its upload off must not leave half an object.</summary>
    [Fact]
    public async Task An_upload_that_breaks_off_stores_nothing()
    {
        await using TestProxy open = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        using CancellationTokenSource abandon = new();
        using GatedUpload upload = new(new SyntheticContent(8 * Reads.MiB, 5), open.Origin.Traffic) { OnSeenByOrigin = () => throw new IOException("abandoned") };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => open.Signed.SendAsync(HttpMethod.Put, TestProxy.Bucket, "half", body: upload));

        await open.Origin.Traffic.WaitForIdleAsync();
        Assert.Null(open.Origin.FindObject(TestProxy.Bucket, "half"));
    }

    private async Task PutAsync(string key, string body)
    {
        using HttpResponseMessage response = await _proxy.Signed.PutAsync(key, Encoding.UTF8.GetBytes(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<string> ReadTwiceAsync(string key)
    {
        byte[] first = await _proxy.Signed.ReadAsync(key);
        Assert.Equal(first, await _proxy.Signed.ReadAsync(key));
        return Encoding.UTF8.GetString(first);
    }

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using HttpResponseMessage response = await _proxy.Signed.GetAsync(key);
        return response.StatusCode;
    }
}

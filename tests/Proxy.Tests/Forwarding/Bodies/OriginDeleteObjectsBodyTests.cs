using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class OriginDeleteObjectsBodyTests
{
    private static readonly KeyMapping Mapping = new(MappedRoutes.Mapped);

    [Fact]
    public async Task Writes_the_same_objects_under_the_origins_names()
    {
        using DeleteObjectsBody body = await ReadAsync(
            "<Delete xmlns=\"u&amp;v\"><Object><Key>a&lt;b&#13;</Key><VersionId>v&amp;1</VersionId><Size>7</Size></Object><Object><Key>c</Key></Object><Quiet>true</Quiet></Delete>");
        using OriginDeleteObjectsBody mapped = OriginDeleteObjectsBody.Create(body, Mapping);

        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Delete xmlns=\"u&amp;v\"><Object><Key>zq7tenant/a&lt;b&#xD;</Key><VersionId>v&amp;1</VersionId><Size>7</Size></Object>"
            + "<Object><Key>zq7tenant/c</Key></Object><Quiet>true</Quiet></Delete>",
            Encoding.UTF8.GetString(mapped.Bytes.Span));
        Assert.Null(new BodyChecksums { ContentMd5 = mapped.ContentMd5, ContentSha256 = mapped.ContentSha256 }.Verify(mapped.Bytes.Span));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(mapped.Bytes.Span)), mapped.ContentSha256);
    }

    [Fact]
    public void Any_keys_read_back_with_the_prefix()
    {
        Prop.ForAll((NonEmptyArray<NonEmptyString> texts) =>
        {
            string[] keys = [.. texts.Get.Select(text => text.Get).Where(key => ObjectKey.TryParse(key, out _)).Take(DeleteObjectsBody.MaxObjects)];
            if (keys.Length == 0)
            {
                return true;
            }

            string document = "<Delete>" + string.Concat(keys.Select(key => $"<Object><Key>{Escape(key)}</Key></Object>")) + "</Delete>";
            using DeleteObjectsBody body = ReadAsync(document).GetAwaiter().GetResult();
            using OriginDeleteObjectsBody mapped = OriginDeleteObjectsBody.Create(body, Mapping);
            using DeleteObjectsBody back = ReadAsync(Encoding.UTF8.GetString(mapped.Bytes.Span)).GetAwaiter().GetResult();
            return back.Objects.Select(entry => entry.Key.Value).SequenceEqual(keys.Select(key => MappedRoutes.Prefix + key));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task The_largest_body_with_the_worst_escapes_fits()
    {
        const int Objects = 1000;
        string condition = new('>', (DeleteObjectsBody.MaxBodyBytes / Objects) - 80);
        string entries = string.Concat(Enumerable.Range(0, Objects).Select(index => $"<Object><Key>{index}</Key><X>{condition}</X></Object>"));
        using DeleteObjectsBody body = await ReadAsync($"<Delete>{entries}</Delete>");
        using OriginDeleteObjectsBody mapped = OriginDeleteObjectsBody.Create(
            body, new KeyMapping(MappedRoutes.Create("models", "prod-models", new string('&', 900) + "/")));
        Assert.True(mapped.Bytes.Length > 4 * DeleteObjectsBody.MaxBodyBytes);
    }

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsSurrogate(c) ? c.ToString() : $"&#{(int)c};"));

    private static async Task<DeleteObjectsBody> ReadAsync(string document)
    {
        (DeleteObjectsBody? body, S3Error? error) = await DeleteObjectsBody.ReadAsync(MappedRoutes.Body(document), new BodyChecksums(), CancellationToken.None);
        return body ?? throw new InvalidOperationException(error?.Message);
    }
}

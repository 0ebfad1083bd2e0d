using System.Text;
using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Testing;
using S3Proxy.Tests.Origin.Signing;

namespace S3Proxy.Tests.Protocol;

/// <summary>
/// One key has one form in parsing, signing, cache key and origin URI, however a client spells it: requirement S8, nginx-s3-gateway #58, #77. The AWS SDK's own
/// encoder is the reference.
/// </summary>
public sealed class CanonicalKeyTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int FuzzedKeys = 200_000;
    private const int FuzzedSpellings = 20_000;

    private static readonly OriginConfiguration PathStyle = OriginUriTests.Origin(AddressingStyle.Path);

    [Fact]
    public void Any_key_reaches_the_origin_as_the_same_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string key = WellFormed(text);
            return !ObjectKey.TryParse(key, out _) || ReachesTheOrigin(Parse("/bucket/" + AwsPath(key)), key);
        }).QuickCheckThrowOnFailure();

    /// <summary>Bytes that are no UTF-8 are no key; all others round-trip.</summary>
    [Fact]
    public void Any_bytes_are_a_key_or_refused() =>
        Prop.ForAll((NonEmptyArray<byte> bytes) =>
        {
            string target = "/bucket/" + string.Concat(bytes.Get.Select(value => $"%{value:x2}"));
            bool isKey = TryParse(target, out S3Request? request, out S3Error? error);
            return isKey
                ? Encoding.UTF8.GetBytes(request!.Key!.Value.Value).SequenceEqual(bytes.Get)
                : error!.Code is S3ErrorCode.InvalidURI or S3ErrorCode.KeyTooLongError;
        }).QuickCheckThrowOnFailure();

    // Not a theory: what runs tests passes its data on as UTF-8.
    [Fact]
    public void Lone_surrogates_are_no_key() =>
        Assert.All(["\ud800", "a\udc00b", "\ude00\ud83d"], text => Assert.False(ObjectKey.TryParse(text, out _)));

    [Fact]
    public void The_canonical_form_of_a_path_is_its_own_canonical_form() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string once = Canonical("/bucket/" + S3Uri.EncodePath(WellFormed(text)));
            return Canonical(once) == once;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_are_encoded_as_the_aws_sdk_does()
    {
        const int Seed = 20261121;
        output.WriteLine($"Seed {Seed}");
        RandomKeys keys = new(Seed);
        for (int i = 0; i < FuzzedKeys; i++)
        {
            string key = keys.Next();
            string expected = AwsPath(key);
            if (S3Uri.EncodePath(key) != expected || !S3Uri.TryDecode(expected, plusIsSpace: false, out string? decoded) || decoded != key)
            {
                Assert.Fail($"Key {i} of seed {Seed}: {key}");
            }
        }
    }

    /// <summary>Clients escape more, less, or in lower case; controls, blanks and what is not ASCII must be escaped, and so must what ends a path.</summary>
    [Fact]
    public void Every_spelling_of_a_key_is_the_same_object()
    {
        const int Seed = 815;
        output.WriteLine($"Seed {Seed}");
        RandomKeys keys = new(Seed);
        Random random = new(Seed);
        for (int i = 0; i < FuzzedSpellings; i++)
        {
            string key = keys.Next();
            string path = "/bucket/" + Spell(key, random);
            S3Request request = Parse(path);
            if (!ReachesTheOrigin(request, key) || Canonical(path) != "/bucket/" + AwsPath(key))
            {
                Assert.Fail($"Spelling {i} of seed {Seed}: {path}");
            }
        }
    }

    private static bool ReachesTheOrigin(S3Request request, string key)
    {
        string canonical = "/bucket/" + AwsPath(key);
        Uri uri = OriginUri.Build(PathStyle, PathStyle.Endpoints[0], "bucket", request.Key!.Value.Value, "");
        return request.Key.Value.Value == key
            && request.Resource == canonical
            && uri.PathAndQuery == canonical
            && new ObjectId("main", "bucket", request.Key.Value.Value).Equals(new ObjectId("main", "bucket", key));
    }

    // The SDK encodes segment by segment.
    private static string AwsPath(string key) => string.Join('/', key.Split('/').Select(segment => Amazon.Util.AWSSDKUtils.UrlEncode(segment, path: false)));

    private static string Spell(string key, Random random)
    {
        StringBuilder path = new();
        foreach (byte value in Encoding.UTF8.GetBytes(key))
        {
            bool mustEscape = value is <= (byte)' ' or >= 0x7f or (byte)'%' or (byte)'?';
            if (mustEscape || random.Next(3) == 0)
            {
                path.Append(random.Next(2) == 0 ? $"%{value:x2}" : $"%{value:X2}");
            }
            else
            {
                path.Append((char)value);
            }
        }

        return path.ToString();
    }

    private static string Canonical(string rawPath)
    {
        var buffer = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            Assert.True(buffer.TryAppendNormalizedPath(rawPath));
            return Encoding.ASCII.GetString(buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static string WellFormed(string? text) => string.Concat((text ?? "").EnumerateRunes());

    private static bool TryParse(string target, out S3Request? request, out S3Error? error) =>
        S3RequestParser.TryParse("GET", target, "", new Microsoft.AspNetCore.Http.HeaderDictionary(), null, out request, out error);

    private static S3Request Parse(string target)
    {
        Assert.True(TryParse(target, out S3Request? request, out S3Error? error), $"{target}: {error}");
        return request!;
    }
}

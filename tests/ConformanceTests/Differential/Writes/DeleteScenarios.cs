using System.Globalization;
using S3Proxy.ConformanceTests.Differential.Reads;

namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>DeleteObjects, and buckets that keep versions.</summary>
internal static class DeleteScenarios
{
    public static IEnumerable<WriteScenario> All()
    {
        string[] keys = ["a", "b", "c d", "e+f", "g&amp;h", "é", "i//j", "&lt;k&gt;"];
        string[] paths = ["a", "b", "c%20d", "e+f", "g%26h", "%C3%A9", "i//j", "%3Ck%3E"];
        yield return new WriteScenario("delete many",
        [
            .. paths.SelectMany(path => new[] { S3Call.Put(path, Content(path.Length)), S3Call.Get(path) }),
            DeleteMany("", keys[0], keys[1], "never"), S3Call.Get("a"), S3Call.Get("b"), DeleteMany("<Quiet>true</Quiet>", keys[2], "never"), S3Call.Get(paths[2]), DeleteMany("<Quiet>false</Quiet>", keys[3..]),
            .. paths.Select(path => S3Call.Get(path)),
            S3Call.Put("x", Content(1)), S3Call.Get("x"), DeleteMany("", "x", "x"), S3Call.Get("x"),
        ]);
        yield return new WriteScenario("faults of deleting many",
        [
            S3Call.Put("a", Content(1)), S3Call.Get("a"), S3Call.Post(null, "delete", "<Delete>").With("Content-MD5", S3Call.DigestOfBody), S3Call.Post(null, "delete", "nonsense").With("Content-MD5", S3Call.DigestOfBody),
            S3Call.Post(null, "delete").With("Content-MD5", S3Call.DigestOfBody), S3Call.Post(null, "delete", "<Delete></Delete>").With("Content-MD5", S3Call.DigestOfBody), S3Call.Post(null, "delete", Document("", "a")),
            S3Call.Put("a", Content(2)), S3Call.Post(null, "delete", Document("", "a")).With("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="), S3Call.Get("a"),
            DeleteMany("", [.. Enumerable.Range(0, 1001).Select(number => number.ToString(CultureInfo.InvariantCulture))]), DeleteMany("", "a") with { Bucket = "nobodys-bucket" }, S3Call.Get("a"),
        ]);
        yield return new WriteScenario("versions",
        [
            Versioning("Enabled"), S3Call.Get(null, "versioning"), S3Call.Put("a", Content(1)), S3Call.Get("a"), S3Call.Put("a", Content(2)), S3Call.Get("a"), S3Call.Get("a", "versionId={version1}"), S3Call.Delete("a"), S3Call.Get("a"), S3Call.Head("a"),
            S3Call.Get("a", "versionId={version2}"), S3Call.Get("a", "versionId={version3}"), S3Call.Delete("a", "versionId={version3}"), S3Call.Get("a"), S3Call.Delete("a", "versionId={version2}"), S3Call.Get("a"), S3Call.Head("a"),
            S3Call.Put("b").With("x-amz-copy-source", "/{bucket}/a?versionId={version1}"), S3Call.Get("b"), S3Call.Delete("never"), S3Call.Delete("a", "versionId=nonsense"), S3Call.Get(null, "versions"),
            S3Call.Put("a", query: "tagging&versionId={version1}").WithText("<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"), S3Call.Get("a", "tagging&versionId={version1}"),
        ]);
        yield return new WriteScenario("suspended versions",
        [
            S3Call.Put("a", Content(1)), S3Call.Get("a"), Versioning("Enabled"), S3Call.Put("a", Content(2)), S3Call.Get("a"), Versioning("Suspended"), S3Call.Put("a", Content(3)), S3Call.Get("a"), S3Call.Get("a", "versionId=null"),
            S3Call.Delete("a"), S3Call.Get("a"), S3Call.Delete("a", "versionId=null"), S3Call.Get("a"), Versioning("Nonsense"), S3Call.Put(null, query: "versioning").WithText("nonsense"),
        ]);
        yield return new WriteScenario("delete many versions",
        [
            Versioning("Enabled"), S3Call.Put("a", Content(1)), S3Call.Put("a", Content(2)), S3Call.Put("b", Content(3)), S3Call.Get("a"), S3Call.Get("b"),
            S3Call.Post(null, "delete", "<Delete><Object><Key>a</Key><VersionId>{version2}</VersionId></Object><Object><Key>b</Key></Object></Delete>").With("Content-MD5", S3Call.DigestOfBody), S3Call.Get("a"), S3Call.Get("b"),
            S3Call.Post(null, "delete", "<Delete><Object><Key>a</Key><VersionId>nonsense</VersionId></Object></Delete>").With("Content-MD5", S3Call.DigestOfBody), S3Call.Get("a"), S3Call.Get(null, "versions"),
        ]);
    }

    private static S3Call DeleteMany(string options, params string[] keys) => S3Call.Post(null, "delete", Document(options, keys)).With("Content-MD5", S3Call.DigestOfBody);

    private static string Document(string options, params string[] keys) => $"<Delete>{options}{string.Concat(keys.Select(key => $"<Object><Key>{key}</Key></Object>"))}</Delete>";

    private static S3Call Versioning(string status) => S3Call.Put(null, query: "versioning").WithText($"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");

    private static byte[] Content(int seed) => ReadObjects.Content(500 + seed, seed);
}

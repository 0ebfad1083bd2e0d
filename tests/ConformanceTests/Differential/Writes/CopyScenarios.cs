using S3Proxy.ConformanceTests.Differential.Reads;

namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>CopyObject and multipart uploads, with copied parts too.</summary>
internal static class CopyScenarios
{
    public static IEnumerable<WriteScenario> Copies()
    {
        yield return new WriteScenario("copy",
        [
            S3Call.Put("a", Content(1)).With("Content-Type", "text/plain").With("x-amz-meta-a", "1"), S3Call.Put("b", Content(2)), S3Call.Get("b"),
            Copy("b", "/{bucket}/a"), S3Call.Get("b"), Copy("c", "{bucket}/a"), S3Call.Get("c"),
            Copy("b", "/{bucket}/a").With("x-amz-metadata-directive", "REPLACE").With("Content-Type", "text/html").With("x-amz-meta-b", "2"), S3Call.Get("b"),
            Copy("b", "/{bucket}/a").With("x-amz-metadata-directive", "COPY").With("x-amz-meta-b", "3"), S3Call.Head("b"), Copy("b", "/{bucket}/a").With("x-amz-metadata-directive", "NONSENSE"), S3Call.Head("b"),
            Copy("a", "/{bucket}/a"), Copy("a", "/{bucket}/a").With("x-amz-metadata-directive", "REPLACE").With("x-amz-meta-self", "1"), S3Call.Get("a"), Copy("d", "/{bucket}/a").With("x-amz-acl", "public-read"), S3Call.Get("d", "acl"),
            Copy("e", "/{bucket}/missing"), S3Call.Get("e"), Copy("e", "/nobodys-bucket/a"), Copy("e", "nonsense"), Copy("e", ""), Copy("e", "/"), Copy("e", "/{bucket}/"), Copy("e", "/{bucket}/a?versionId=nonsense"),
            Copy("e", "/{bucket}/a") with { Bucket = "nobodys-bucket" }, Copy("e", "/{bucket}/a").With("x-amz-tagging-directive", "REPLACE").With("x-amz-tagging", "t=1"), S3Call.Get("e", "tagging"),
            Copy("f", "/{bucket}/a") with { Signing = CallSigning.Presigned }, S3Call.Get("f"),
        ]);
        yield return new WriteScenario("copy under conditions",
        [
            S3Call.Put("a", Content(1)), S3Call.Put("b", Content(2)), S3Call.Get("b"), Copy("b", "/{bucket}/a").With("x-amz-copy-source-if-match", "\"another\""), S3Call.Get("b"),
            Copy("c", "/{bucket}/a").With("x-amz-copy-source-if-none-match", "\"another\""), Copy("d", "/{bucket}/a").With("x-amz-copy-source-if-modified-since", "Thu, 01 Dec 1994 16:00:00 GMT"),
            Copy("e", "/{bucket}/a").With("x-amz-copy-source-if-unmodified-since", "Thu, 01 Dec 1994 16:00:00 GMT"), Copy("f", "/{bucket}/a").With("x-amz-copy-source-if-modified-since", "nonsense"),
        ]);
        yield return new WriteScenario("copy tricky keys",
        [
            .. ReadObjects.TrickyKeys.Where(key => key.Length < 100).SelectMany(key => new[]
            {
                S3Call.Put(key, Content(key.Length)), Copy("to/" + key, "/{bucket}/" + key), S3Call.Get("to/" + key),
            }),
            Copy("unescaped", "/{bucket}/a b"), Copy("plus", "/{bucket}/a+b"),
        ]);
    }

    public static IEnumerable<WriteScenario> Multiparts()
    {
        yield return new WriteScenario("multipart",
        [
            S3Call.Put("m", Content(9)), S3Call.Get("m"), S3Call.Post("m", "uploads").With("Content-Type", "text/plain").With("x-amz-meta-a", "1"),
            S3Call.Put("m", ReadObjects.Content(5 << 20, 1), "partNumber=1&uploadId={upload1}"), S3Call.Get("m"), S3Call.Put("m", ReadObjects.Content(1000, 2), "partNumber=2&uploadId={upload1}"),
            S3Call.Get("m", "uploadId={upload1}"), S3Call.Get(null, "uploads"), Complete("m", 1, 1, 2), S3Call.Get("m"), S3Call.Head("m"), Complete("m", 1, 1, 2), S3Call.Get("m", "uploadId={upload1}"),
        ]);
        yield return new WriteScenario("faults of a multipart upload",
        [
            S3Call.Post("m", "uploads"), S3Call.Put("m", Content(1), "partNumber=1&uploadId={upload1}"), S3Call.Put("m", Content(2), "partNumber=2&uploadId={upload1}"),
            S3Call.Put("m", Content(1), "partNumber=0&uploadId={upload1}"), S3Call.Put("m", Content(1), "partNumber=10001&uploadId={upload1}"), S3Call.Put("m", Content(1), "partNumber=x&uploadId={upload1}"),
            S3Call.Put("m", Content(1), "partNumber=1&uploadId=nonsense"), S3Call.Put("m", Content(1), "partNumber=1&uploadId="), S3Call.Put("m", Content(1), "uploadId={upload1}"), S3Call.Put("m", Content(1), "partNumber=1"),
            S3Call.Put("m", Content(1), "partNumber=1&uploadId={upload1}").With("Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww=="), S3Call.Post("m", "uploadId={upload1}", "nonsense"), S3Call.Post("m", "uploadId={upload1}"),
            S3Call.Post("m", "uploadId={upload1}", "<CompleteMultipartUpload/>"), S3Call.Post("m", "uploadId={upload1}", "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"another\"</ETag></Part></CompleteMultipartUpload>"),
            Complete("m", 1, 2, 1), Complete("m", 1, 1, 7), Complete("m", 1, 1, 2), S3Call.Get("m"), S3Call.Post("m", "uploadId=nonsense", "<CompleteMultipartUpload/>"), S3Call.Post("n", "uploads") with { Bucket = "nobodys-bucket" },
            S3Call.Delete("m", "uploadId={upload1}"), S3Call.Delete("m", "uploadId={upload1}"), S3Call.Delete("m", "uploadId=nonsense"), S3Call.Put("m", Content(1), "partNumber=1&uploadId={upload1}"), S3Call.Get("m"), S3Call.Get(null, "uploads"),
        ]);
        yield return new WriteScenario("copied parts",
        [
            S3Call.Put("source", ReadObjects.Content(6 << 20)), S3Call.Put("a+b", Content(3)), S3Call.Post("m", "uploads"),
            CopyPart(1, "/{bucket}/source").With("x-amz-copy-source-range", "bytes=0-5242879"), CopyPart(2, "/{bucket}/a%2Bb"), CopyPart(3, "/{bucket}/missing"), CopyPart(3, "/{bucket}/source").With("x-amz-copy-source-range", "bytes=9999999-99999999"),
            CopyPart(3, "/{bucket}/source").With("x-amz-copy-source-range", "nonsense"), CopyPart(3, "/{bucket}/source").With("x-amz-copy-source-range", "bytes=5-"), CopyPart(3, "/{bucket}/source").With("x-amz-copy-source-if-match", "\"another\""),
            S3Call.Get("m", "uploadId={upload1}"), Complete("m", 1, 1, 2), S3Call.Get("m"),
        ]);
    }

    private static S3Call Copy(string key, string source) => S3Call.Put(key).With("x-amz-copy-source", source);

    private static S3Call CopyPart(int number, string source) => S3Call.Put("m", query: $"partNumber={number}&uploadId={{upload1}}").With("x-amz-copy-source", source);

    private static S3Call Complete(string key, int upload, params int[] numbers) => S3Call.Post(
        key, $"uploadId={{upload{upload}}}", $"<CompleteMultipartUpload>{string.Concat(numbers.Select(number => $"<Part><PartNumber>{number}</PartNumber><ETag>{{part{number}}}</ETag></Part>"))}</CompleteMultipartUpload>");

    private static byte[] Content(int seed) => ReadObjects.Content(500 + seed, seed);
}

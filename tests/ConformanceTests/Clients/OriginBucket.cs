using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>A bucket as the gateway itself has it, past every proxy: the truth that clients are judged by.</summary>
internal sealed class OriginBucket : IDisposable
{
    private readonly AmazonS3Client _s3;

    private OriginBucket(AmazonS3Client s3, string name)
    {
        _s3 = s3;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Makes the bucket.</summary>
    public static async Task<OriginBucket> CreateAsync(RadosGateway gateway, string name)
    {
        AmazonS3Client s3 = new(gateway.AccessKey, gateway.SecretKey, new AmazonS3Config
        {
            ServiceURL = gateway.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = ClientAccess.Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        await s3.PutBucketAsync(name);
        return new OriginBucket(s3, name);
    }

    public Task PutAsync(string key, MadeFile file) =>
        _s3.PutObjectAsync(new PutObjectRequest { BucketName = Name, Key = key, FilePath = file.Path, UseChunkEncoding = false, DisablePayloadSigning = false });

    /// <summary>Entity tag with its quotes and user metadata by name, or null when there is no such object.</summary>
    public async Task<ObjectFacts?> FindAsync(string key)
    {
        try
        {
            GetObjectMetadataResponse answer = await _s3.GetObjectMetadataAsync(Name, key);
            return new ObjectFacts(answer.ContentLength, answer.ETag, answer.Metadata.Keys.ToDictionary(name => name["x-amz-meta-".Length..], name => answer.Metadata[name]));
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Fails unless the object's bytes are those of the file.</summary>
    public async Task ExpectAsync(string key, MadeFile file)
    {
        using GetObjectResponse answer = await _s3.GetObjectAsync(Name, key);
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(answer.ResponseStream));
        Assert.True(sha256 == file.Sha256, $"'{key}' at the origin is not what was sent ({answer.ContentLength} bytes instead of {file.Bytes}).");
    }

    public async Task<IReadOnlyList<string>> ListAsync(string prefix)
    {
        ListObjectsV2Response answer = await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name, Prefix = prefix });
        return [.. (answer.S3Objects ?? []).Select(item => item.Key)];
    }

    public async Task EmptyAsync()
    {
        foreach (string key in await ListAsync(""))
        {
            await _s3.DeleteObjectAsync(Name, key);
        }
    }

    public void Dispose() => _s3.Dispose();
}

using System.Xml.Linq;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>Operations on buckets as such.</summary>
internal sealed class BucketOperations(OriginStore store, BodyReader bodies, string region)
{
    private const string OwnerId = "0000000000000000000000000000000000000000000000000000000000000001";

    /// <summary>S3 calls its first region by no name in LocationConstraint.</summary>
    private const string UnnamedRegion = "us-east-1";

    public static XElement Owner() => S3Xml.Element("Owner", S3Xml.Element("ID", OwnerId), S3Xml.Element("DisplayName", "embedded"));

    public OriginResponse List() => OriginResponse.ForXml(200, S3Xml.Element(
        "ListAllMyBucketsResult",
        Owner(),
        S3Xml.Element("Buckets", store.Buckets().Select(static bucket => S3Xml.Element(
            "Bucket", S3Xml.Element("Name", bucket.Name), S3Xml.Element("CreationDate", S3Xml.Time(bucket.Created)))))));

    public async ValueTask<OriginResponse> CreateAsync(OriginCall call, CancellationToken cancellationToken)
    {
        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: false, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (bytes.Length > 0 && !S3Xml.TryParse(bytes, out _))
        {
            return call.Error(OriginErrorCode.MalformedXML);
        }

        if (!store.CreateBucket(call.Bucket, versioned: false))
        {
            return call.Error(OriginErrorCode.BucketAlreadyOwnedByYou);
        }

        OriginResponse response = OriginResponse.Empty(200);
        response.Headers["Location"] = "/" + call.Bucket;
        return response;
    }

    public OriginResponse Head(OriginCall call)
    {
        if (!store.HasBucket(call.Bucket))
        {
            return call.Error(OriginErrorCode.NoSuchBucket);
        }

        OriginResponse response = OriginResponse.Empty(200);
        response.Headers["x-amz-bucket-region"] = region;
        return response;
    }

    public OriginResponse Delete(OriginCall call) =>
        store.DeleteBucket(call.Bucket) is { } failure ? call.Error(failure) : OriginResponse.Empty(204);

    public OriginResponse Location(OriginCall call) => store.HasBucket(call.Bucket)
        ? OriginResponse.ForXml(200, S3Xml.Element("LocationConstraint", region == UnnamedRegion ? null : region))
        : call.Error(OriginErrorCode.NoSuchBucket);

    public OriginResponse Versioning(OriginCall call) => store.GetVersioning(call.Bucket, out VersioningState? state) is { } failure
        ? call.Error(failure)
        : OriginResponse.ForXml(200, S3Xml.Element("VersioningConfiguration", state is null ? null : S3Xml.Element("Status", state.ToString())));

    public async ValueTask<OriginResponse> SetVersioningAsync(OriginCall call, CancellationToken cancellationToken)
    {
        (byte[] bytes, OriginResponse? refusal) = await bodies.ReadAsync(call, lengthRequired: false, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!S3Xml.TryParse(bytes, out XElement? root) || !Enum.TryParse(root.ChildText("Status"), out VersioningState state))
        {
            return call.Error(OriginErrorCode.MalformedXML);
        }

        return store.SetVersioning(call.Bucket, state) is { } failure ? call.Error(failure) : OriginResponse.Empty(200);
    }
}

using System.Globalization;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>GetObject and HeadObject.</summary>
internal sealed class ObjectReads(OriginStore store)
{
    /// <summary>Query parameters that replace response headers, and which.</summary>
    private static readonly (string Parameter, string Header)[] Overrides =
    [
        ("response-content-type", "Content-Type"),
        ("response-content-language", "Content-Language"),
        ("response-expires", "Expires"),
        ("response-cache-control", "Cache-Control"),
        ("response-content-disposition", "Content-Disposition"),
        ("response-content-encoding", "Content-Encoding"),
    ];

    public OriginResponse Read(OriginCall call)
    {
        if (call.Headers.Keys.Any(static name => name.StartsWith("x-amz-server-side-encryption-customer-", StringComparison.OrdinalIgnoreCase)))
        {
            return call.Error(OriginErrorCode.NotImplemented, "Server-side encryption with customer keys is not implemented here.");
        }

        if (call.IsAnonymous && Overrides.Any(pair => call.Query.Has(pair.Parameter)))
        {
            return call.Error(OriginErrorCode.InvalidRequest, "Request specific response headers cannot be used for anonymous GET requests.");
        }

        OriginErrorCode? missing = store.Find(call.Bucket, call.Key, call.Query["versionId"], out StoredObject? found);
        if (missing is { } code)
        {
            return Missing(call, code, found);
        }

        StoredObject current = found!;
        PreconditionResult verdict = call.Faults.IgnoreConditions
            ? PreconditionResult.Proceed
            : Preconditions.Evaluate(call.Header, current);
        return verdict switch
        {
            PreconditionResult.Failed => call.Error(OriginErrorCode.PreconditionFailed, null, ("Condition", call.Header("If-Match") is null ? "If-Unmodified-Since" : "If-Match")),
            PreconditionResult.NotModified => NotModified(current),
            _ => call.Query["partNumber"] is { } part ? ReadPart(call, current, part) : ReadRange(call, current),
        };
    }

    private static OriginResponse Missing(OriginCall call, OriginErrorCode code, StoredObject? marker)
    {
        OriginResponse response = code == OriginErrorCode.NoSuchVersion
            ? call.Error(code, null, ("VersionId", call.Query["versionId"] ?? ""))
            : call.Error(code);
        if (marker is not null)
        {
            response.Headers["x-amz-delete-marker"] = "true";
            AddVersion(response, marker);
        }

        return response;
    }

    private static OriginResponse NotModified(StoredObject current)
    {
        OriginResponse response = OriginResponse.Empty(304);
        AddValidators(response, current);
        foreach (string name in (ReadOnlySpan<string>)["Cache-Control", "Expires"])
        {
            if (current.Headers.TryGetValue(name, out string? value))
            {
                response.Headers[name] = value;
            }
        }

        return response;
    }

    private static OriginResponse ReadRange(OriginCall call, StoredObject current)
    {
        long size = current.Content.Length;
        string? header = call.Faults.IgnoreRange ? null : call.Header("Range");
        if (ByteRange.Parse(header) is not { } range || !Preconditions.RangeStands(call.Header("If-Range"), current))
        {
            return Success(call, current, 200, 0, size);
        }

        if (!range.TryResolve(size, out long start, out long length))
        {
            return Unsatisfiable(call, current, header!);
        }

        return Partial(call, current, start, length);
    }

    private static OriginResponse ReadPart(OriginCall call, StoredObject current, string partNumber)
    {
        if (!int.TryParse(partNumber, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 10_000)
        {
            return call.Error(OriginErrorCode.InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive");
        }

        if (call.Header("Range") is not null)
        {
            return call.Error(OriginErrorCode.InvalidRequest, "Cannot specify both Range header and partNumber query parameter");
        }

        IReadOnlyList<long> parts = current.PartBytes.Count == 0 ? [current.Content.Length] : current.PartBytes;
        if (number > parts.Count)
        {
            return call.Error(OriginErrorCode.InvalidRange, "The requested partnumber is not satisfiable");
        }

        long start = parts.Take(number - 1).Sum();
        OriginResponse response = parts[number - 1] == 0
            ? Success(call, current, 200, 0, 0)
            : Partial(call, current, start, parts[number - 1]);
        if (current.PartBytes.Count > 0)
        {
            response.Headers["x-amz-mp-parts-count"] = parts.Count.ToString(CultureInfo.InvariantCulture);
        }

        return response;
    }

    private static OriginResponse Partial(OriginCall call, StoredObject current, long start, long length)
    {
        OriginResponse response = Success(call, current, 206, start, length);
        response.Headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{start + length - 1}/{current.Content.Length}");
        return response;
    }

    private static OriginResponse Unsatisfiable(OriginCall call, StoredObject current, string range)
    {
        string size = current.Content.Length.ToString(CultureInfo.InvariantCulture);
        OriginResponse response = call.Error(OriginErrorCode.InvalidRange, null, ("RangeRequested", range), ("ActualObjectSize", size));
        response.Headers["Content-Range"] = $"bytes */{size}";
        return response;
    }

    private static OriginResponse Success(OriginCall call, StoredObject current, int status, long start, long length)
    {
        OriginResponse response = OriginResponse.ForContent(status, current.Content, start, length);
        response.Headers["Content-Type"] = "binary/octet-stream";
        foreach ((string name, string value) in current.Headers)
        {
            response.Headers[name] = value;
        }

        if (response.Headers.GetValueOrDefault("x-amz-storage-class") == "STANDARD")
        {
            response.Headers.Remove("x-amz-storage-class");
        }

        if (status == 200 && "ENABLED".Equals(call.Header("x-amz-checksum-mode"), StringComparison.OrdinalIgnoreCase))
        {
            foreach ((string name, string value) in current.ChecksumHeaders)
            {
                response.Headers[name] = value;
            }
        }

        response.Headers["Accept-Ranges"] = "bytes";
        AddValidators(response, current);
        foreach ((string parameter, string header) in Overrides)
        {
            if (call.Query[parameter] is { } replacement)
            {
                response.Headers[header] = replacement;
            }
        }

        return response;
    }

    private static void AddValidators(OriginResponse response, StoredObject current)
    {
        response.Headers["ETag"] = current.ETag;
        response.Headers["Last-Modified"] = current.LastModified.ToString("R", CultureInfo.InvariantCulture);
        AddVersion(response, current);
    }

    private static void AddVersion(OriginResponse response, StoredObject version)
    {
        if (version.VersionId is { } id)
        {
            response.Headers["x-amz-version-id"] = id;
        }
    }
}

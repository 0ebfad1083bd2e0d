using System.Globalization;
using System.Xml.Linq;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>An answer before it is sent: status, header fields and a range of some content. Belongs to one request.</summary>
internal sealed class OriginResponse
{
    public OriginResponse(int status) => Status = status;

    public int Status { get; }

    /// <summary>All fields but Content-Length and those that every response has.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the body comes from; null for no body.</summary>
    public ObjectContent? Content { get; private init; }

    /// <summary>First body byte within <see cref="Content"/>.</summary>
    public long BodyStart { get; private init; }

    /// <summary>Bytes from <see cref="BodyStart"/> on. A HEAD tells them and sends none.</summary>
    public long BodyBytes { get; private init; }

    public static OriginResponse Empty(int status) => new(status);

    public static OriginResponse ForContent(int status, ObjectContent content, long start, long length) =>
        new(status) { Content = content, BodyStart = start, BodyBytes = length };

    public static OriginResponse ForXml(int status, XElement root)
    {
        byte[] document = S3Xml.Serialize(root);
        OriginResponse response = ForContent(status, new ByteContent(document), 0, document.Length);
        response.Headers["Content-Type"] = "application/xml";
        return response;
    }

    /// <summary>An error in S3's form; without a body for HEAD.</summary>
    public static OriginResponse ForError(
        OriginCall call, OriginErrorCode code, string? message, ReadOnlySpan<(string Name, string Value)> details)
    {
        (int status, string usual) = OriginErrors.Describe(code);
        return ForError(call, status, code, message ?? usual, details);
    }

    /// <summary>An error whose status is not the usual one of its code.</summary>
    public static OriginResponse ForError(
        OriginCall call, int status, OriginErrorCode code, string message, ReadOnlySpan<(string Name, string Value)> details)
    {
        if (call.IsHead)
        {
            return Empty(status);
        }

        XElement error = new("Error", new XElement("Code", code.ToString()), new XElement("Message", message));
        foreach ((string name, string value) in details)
        {
            error.Add(new XElement(name, value));
        }

        if (code is OriginErrorCode.NoSuchKey or OriginErrorCode.NoSuchVersion)
        {
            error.Add(new XElement("Key", call.Target.Key));
        }

        if (call.Target.Bucket is { } bucket)
        {
            error.Add(new XElement("BucketName", bucket));
        }

        error.Add(
            new XElement("Resource", call.Target.Path),
            new XElement("RequestId", call.RequestId),
            new XElement("HostId", string.Create(CultureInfo.InvariantCulture, $"embedded-{call.Record.Sequence}")));
        return ForXml(status, error);
    }
}

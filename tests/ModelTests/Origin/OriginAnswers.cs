using System.Globalization;
using System.Text;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.ModelTests.Origin;

/// <summary>Makes the answer to one request from one version, bent by at most one fault.</summary>
internal sealed class OriginAnswers(ModelOrigin origin, OriginRead read, OriginVersion version, bool keepsVersions, OriginFault? fault, int parameter)
{
    private const int LargeErrorBytes = 80 * 1024;

    /// <summary>The answer; its body counts as open until it is disposed.</summary>
    public OriginAnswer Make()
    {
        int? faultStatus = fault switch
        {
            OriginFault.SlowDown => 503,
            OriginFault.AccessDenied => 403,
            OriginFault.FalseNotFound => 404,
            OriginFault.FalsePreconditionFailed when read.IfMatch is not null => 412,
            OriginFault.FalseRangeRefused when read.Range is not null => 416,
            OriginFault.LargeError => 500,
            _ => null,
        };
        if (faultStatus is { } status)
        {
            return Error(status, isTrue: false);
        }

        if (version.IsDeleted)
        {
            return Error(404, isTrue: true);
        }

        if (read.IfMatch is { } match && match != version.ETag && fault != OriginFault.IgnoreIfMatch)
        {
            return Error(412, isTrue: true);
        }

        if (read.IfNoneMatch is { } none && none == version.ETag)
        {
            return new OriginAnswer(304, [.. Headers()], new OriginBody(origin, version, 0, 0, null, 0), null);
        }

        return Content();
    }

    private OriginAnswer Content()
    {
        int size = version.Content.Length;
        (int first, int end) = (0, size);
        bool isPartial = read.Range is not null && fault != OriginFault.IgnoreRange;
        if (isPartial)
        {
            ByteRangeResolution resolved = ByteRangeSpec.Parse(read.Range)!.Value.Resolve(size);
            if (!resolved.IsSatisfiable)
            {
                return Error(416, isTrue: true);
            }

            (first, end) = ((int)resolved.FirstByte, (int)resolved.LastByte + 1);
            if (fault == OriginFault.ShortRange && end - first > 1)
            {
                end -= 1 + (parameter % (end - first - 1));
            }
            else if (fault == OriginFault.OtherRange)
            {
                (first, end) = (parameter % size, size);
            }
        }

        List<HeaderField> headers = Headers();
        if (fault != OriginFault.NoLength)
        {
            headers.Add(Field("Content-Length", (end - first).ToString(CultureInfo.InvariantCulture)));
        }

        if (isPartial)
        {
            int told = fault == OriginFault.FalseContentRange ? end : end - 1;
            int total = fault == OriginFault.FalseTotal && read.IfMatch is not null ? size + 1 : size;
            headers.Add(Field("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{told}/{total}")));
        }

        int bodyEnd = read.Method == HttpMethod.Head ? first : end;
        return new OriginAnswer(isPartial ? 206 : 200, [.. headers], new OriginBody(origin, version, first, bodyEnd, fault, parameter), null);
    }

    private List<HeaderField> Headers()
    {
        List<HeaderField> headers =
        [
            Field("ETag", fault == OriginFault.WeakETag ? "W/" + version.ETag : version.ETag),
            Field("Last-Modified", version.LastModified),
            Field("Content-Type", "application/x-model"),
            Field(OriginVersion.IndexHeader, version.Index.ToString(CultureInfo.InvariantCulture)),
        ];
        if (keepsVersions)
        {
            headers.Add(Field("x-amz-version-id", version.VersionId));
        }

        if (fault == OriginFault.SetCookie)
        {
            headers.Add(Field("Set-Cookie", "a=b"));
        }

        return headers;
    }

    /// <summary>An error; only one that is true of a version names it.</summary>
    private OriginAnswer Error(int status, bool isTrue)
    {
        int length = fault == OriginFault.LargeError ? LargeErrorBytes : 8;
        HeaderField[] headers = isTrue
            ? [Field("Content-Length", length.ToString(CultureInfo.InvariantCulture)), Field(OriginVersion.IndexHeader, version.Index.ToString(CultureInfo.InvariantCulture))]
            : [Field("Content-Length", length.ToString(CultureInfo.InvariantCulture))];
        byte[] text = Encoding.ASCII.GetBytes("<Error/>".PadRight(length));
        return new OriginAnswer(status, headers, new ErrorBody(origin, text), null);
    }

    private static HeaderField Field(string name, string value) => new(name, value);

    private sealed class ErrorBody(ModelOrigin origin, byte[] text) : MemoryStream(text, writable: false)
    {
        private bool _closed;

        protected override void Dispose(bool disposing)
        {
            if (!_closed)
            {
                _closed = true;
                origin.OnBodyClosed();
            }

            base.Dispose(disposing);
        }
    }
}

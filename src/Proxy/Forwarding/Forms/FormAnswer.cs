using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>What a client hears of a form that the origin has stored (S3 API Reference, "POST Object", response elements).</summary>
internal static class FormAnswer
{
    /// <summary>A key of 1,024 bytes, percent-encoded and escaped, with room to spare.</summary>
    private const int MaxDocumentBytes = 32 * 1024;

    /// <summary>
    /// Answers in the place of the origin's answer to the PUT, whose headers have been copied: 303 to where the form wants to go, or the status that it asks for; 204 when it
    /// asks for none that S3 knows.
    /// </summary>
    public static async Task WriteAsync(HttpContext http, PostForm form, CancellationToken cancellationToken)
    {
        HttpResponse response = http.Response;
        string etag = response.Headers.ETag.ToString();
        response.Headers.ContentLength = null;
        if (FindRedirect(form.Fields) is { } target)
        {
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = WithResult(target, form, etag);
            response.Headers.ContentLength = 0;
            return;
        }

        string location = LocationOf(http, form);
        response.Headers.Location = location;
        switch (form.Fields.Find("success_action_status"))
        {
            case "200":
                response.StatusCode = StatusCodes.Status200OK;
                response.Headers.ContentLength = 0;
                break;
            case "201":
                using (BodyBuffer document = Document(form, location, etag))
                {
                    response.StatusCode = StatusCodes.Status201Created;
                    response.ContentType = "application/xml";
                    response.Headers.ContentLength = document.Length;
                    await response.Body.WriteAsync(document.Memory, cancellationToken);
                }

                break;
            default:
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }

    // Anything that is no address is as if it were not there, as with S3.
    private static Uri? FindRedirect(FormFields fields)
    {
        string? wanted = fields.Find("success_action_redirect") ?? fields.Find("redirect");
        return Uri.TryCreate(wanted, UriKind.Absolute, out Uri? target) && (target.Scheme == Uri.UriSchemeHttp || target.Scheme == Uri.UriSchemeHttps) ? target : null;
    }

    private static string WithResult(Uri target, PostForm form, string etag)
    {
        string result = $"bucket={S3Uri.EncodeQueryValue(form.BucketName)}&key={S3Uri.EncodeQueryValue(form.KeyName)}&etag={S3Uri.EncodeQueryValue(etag)}";
        UriBuilder builder = new(target) { Host = target.IdnHost, Query = target.Query.Length > 1 ? $"{target.Query}&{result}" : result };
        return builder.Uri.AbsoluteUri;
    }

    private static string LocationOf(HttpContext http, PostForm form)
    {
        string bucket = form.Request.IsHostStyle ? "" : "/" + form.BucketName;
        return $"{http.Request.Scheme}://{http.Request.Host.ToUriComponent()}{bucket}/{S3Uri.EncodePath(form.KeyName)}";
    }

    private static BodyBuffer Document(PostForm form, string location, string etag)
    {
        BodyBuffer document = new(MaxDocumentBytes);
        XmlBodyWriter writer = new(document);
        writer.Declaration();
        writer.StartTag("PostResponse");
        writer.Element("Location", location);
        writer.Element("Bucket", form.BucketName);
        writer.Element("Key", form.KeyName);
        writer.Element("ETag", etag);
        writer.EndTag("PostResponse");
        return document;
    }
}

using System.Text;
using S3Proxy.Forwarding.Forms;

namespace S3Proxy.Tests.Forwarding.Forms;

/// <summary>Forms as bytes.</summary>
internal static class FormBodies
{
    public const string BoundaryText = "xBOUNDARYx";

    public static FormBoundary Boundary { get; } = FormBoundary.TryCreate($"multipart/form-data; boundary={BoundaryText}")!;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Field(string name, string value) => $"--{BoundaryText}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    public static string FileHead(string fileName = "a.txt") =>
        $"--{BoundaryText}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{fileName}\"\r\nContent-Type: text/plain\r\n\r\n";

    public static string Ending(bool lineEnd = true) => $"\r\n--{BoundaryText}--{(lineEnd ? "\r\n" : "")}";

    public static FormFieldReader Read(string body)
    {
        FormFieldReader reader = new(Boundary);
        reader.Read(Bytes(body));
        return reader;
    }
}

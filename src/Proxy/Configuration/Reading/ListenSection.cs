using System.Net;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>listen</c>.</summary>
internal static class ListenSection
{
    public static ListenConfiguration Read(Section section)
    {
        IPEndPoint? data = ReadAddress(section, "endpoint");
        IPEndPoint? admin = ReadAddress(section, "admin");
        string? token = ReadToken(section);
        if (data is not null && admin is not null && ListenAddress.Overlap(data, admin))
        {
            section.Refuse("admin", "must not share its port with listen.endpoint");
        }

        if (admin is not null && !IPAddress.IsLoopback(admin.Address) && !SecretReader.IsGiven(section, "adminToken"))
        {
            section.Refuse("admin", "is not a loopback address; set listen.adminTokenFile, so that only holders of the token get in");
        }

        return new ListenConfiguration
        {
            Endpoint = data ?? new IPEndPoint(IPAddress.Loopback, 0),
            Admin = admin ?? new IPEndPoint(IPAddress.Loopback, 0),
            HostSuffix = ReadHostSuffix(section),
            AdminToken = token,
            ZeroCopy = section.Flag("zeroCopy"),
        };
    }

    private static IPEndPoint? ReadAddress(Section section, string name)
    {
        IPEndPoint? address = ListenAddress.TryParse(section.Text(name)!, out string? problem);
        if (problem is not null)
        {
            section.Refuse(name, problem);
        }

        return address;
    }

    private static string? ReadHostSuffix(Section section)
    {
        string? suffix = section.Text("hostSuffix");
        if (suffix is not null && !Names.IsHostName(suffix))
        {
            section.Refuse("hostSuffix", "is not a host name such as s3.example.internal");
        }

        // Host names do not tell upper from lower case.
        return suffix?.ToLowerInvariant();
    }

    private static string? ReadToken(Section section)
    {
        string? token = SecretReader.Read(section, "adminToken");
        if (token is not null && !token.All(c => c is > ' ' and <= '~'))
        {
            section.Refuse("the admin token must be printable ASCII without spaces");
        }

        return token;
    }
}

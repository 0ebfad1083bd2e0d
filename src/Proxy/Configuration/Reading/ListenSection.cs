using System.Net;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>listen</c>.</summary>
internal static class ListenSection
{
    public static ListenConfiguration Read(Section section)
    {
        IPEndPoint? data = ReadAddress(section, "endpoint", "tls", out bool isTls);
        IPEndPoint? admin = ReadAddress(section, "admin", "adminTls", out _);
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
            Tls = TlsSection.Read(section.Child("tls")),
            AdminTls = TlsSection.Read(section.Child("adminTls")),
            Protocols = ReadProtocols(section, isTls),
            HostSuffix = ReadHostSuffix(section),
            TrustedProxies = [.. section.Values("trustedProxies").Select(setting => ReadNetwork(section, setting)).OfType<IPNetwork>()],
            AdminToken = token,
            ZeroCopy = section.Flag("zeroCopy"),
            InlineScheduling = section.Flag("inlineScheduling"),
            FastPath = section.Flag("fastPath"),
        };
    }

    private static IPEndPoint? ReadAddress(Section section, string name, string tls, out bool isTls)
    {
        IPEndPoint? address = ListenAddress.TryParse(section.Text(name)!, out isTls, out string? problem);
        if (problem is not null)
        {
            section.Refuse(name, problem);
        }
        else if (isTls && !section.Has(tls))
        {
            section.Refuse(name, $"is https, which needs listen.{tls} with a certificate");
        }
        else if (!isTls && section.Has(tls))
        {
            section.Child(tls).Refuse($"has a meaning only with https in listen.{name}");
        }

        return address;
    }

    private static HttpVersions ReadProtocols(Section section, bool isTls)
    {
        HttpVersions versions = section.Choices<HttpVersions>("protocols");
        if (section.IsEmptyList("protocols"))
        {
            section.Refuse("protocols", "is empty: write http1, http2 or both");
        }
        else if (!isTls && versions == (HttpVersions.Http1 | HttpVersions.Http2))
        {
            section.Refuse("protocols", "without TLS a port serves one version, because nothing tells which one a client speaks; write [http1] or [http2], or use https");
        }

        return versions != HttpVersions.None ? versions : isTls ? HttpVersions.Http1 | HttpVersions.Http2 : HttpVersions.Http1;
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

    private static IPNetwork? ReadNetwork(Section section, Setting setting)
    {
        if (IPNetwork.TryParse(setting.Text, out IPNetwork network))
        {
            return network;
        }

        if (IPAddress.TryParse(setting.Text, out IPAddress? address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        section.Context.Errors.Add(setting.Error("is neither an address nor a network such as 10.0.0.0/8"));
        return null;
    }
}

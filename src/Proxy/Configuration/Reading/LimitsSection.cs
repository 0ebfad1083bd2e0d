using S3Proxy.Configuration.Schema;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>limits</c>.</summary>
internal static class LimitsSection
{
    public static LimitsConfiguration Read(Section section, AuthMode mode)
    {
        LimitConfiguration? perKey = ReadLimit(section.Child("perKey"));
        if (perKey is not null && mode != AuthMode.SigV4)
        {
            section.Child("perKey").Refuse("has a meaning only with mode sigv4, in which the proxy checks keys; use perAddress");
        }

        return new LimitsConfiguration
        {
            PerKey = perKey,
            PerAddress = ReadLimit(section.Child("perAddress")),
            MaxTracked = section.Integer("maxTracked"),
        };
    }

    private static LimitConfiguration? ReadLimit(Section section)
    {
        double rate = DecimalText.TryParse(section.Text("requestsPerSecond")!, out long billionths) ? DecimalText.ToNumber(billionths) : 0;
        int concurrent = section.Integer("concurrent");
        bool hasBurst = section.Setting("burst").Text is not null;
        if (hasBurst && rate == 0)
        {
            section.Refuse("burst", "has a meaning only beside requestsPerSecond");
        }

        return rate == 0 && concurrent == 0 ? null : new LimitConfiguration
        {
            RequestsPerSecond = rate,
            Burst = hasBurst ? section.Integer("burst") : Math.Max(1, Math.Ceiling(rate)),
            Concurrent = concurrent,
        };
    }
}

using System.Text.Json;

namespace S3Proxy.Forwarding.Forms;

/// <summary>One condition of a policy on a field of the form.</summary>
/// <param name="Field">Name of the field, without the dollar sign.</param>
/// <param name="IsPrefix">True for starts-with, false for eq.</param>
/// <param name="Value">What the field must be, or begin with.</param>
internal sealed record PostPolicyCondition(string Field, bool IsPrefix, string Value)
{
    /// <summary>True when it is about <paramref name="field"/>.</summary>
    public bool Concerns(string field) => Field.Equals(field, StringComparison.OrdinalIgnoreCase);

    public bool Holds(string value)
    {
        if (!IsPrefix)
        {
            return value == Value;
        }

        // A list of types is held to it type by type.
        return Concerns("Content-Type")
            ? value.Split(',').All(type => type.Trim().StartsWith(Value, StringComparison.Ordinal))
            : value.StartsWith(Value, StringComparison.Ordinal);
    }

    /// <summary>The condition as a policy writes it.</summary>
    public override string ToString() =>
        $"[\"{(IsPrefix ? "starts-with" : "eq")}\", \"${JsonEncodedText.Encode(Field)}\", \"{JsonEncodedText.Encode(Value)}\"]";
}

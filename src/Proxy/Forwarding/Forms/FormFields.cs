namespace S3Proxy.Forwarding.Forms;

/// <summary>The fields of a form before its file, with <c>${filename}</c> replaced in them. Names compare without case. Immutable.</summary>
internal sealed class FormFields
{
    public const string Bucket = "bucket";
    public const string Key = "key";
    public const string Policy = "policy";
    public const string Signature = "x-amz-signature";
    public const string Tagging = "tagging";

    private const string FileNameVariable = "${filename}";

    /// <param name="fields">As sent.</param>
    /// <param name="fileName">Name of the file; only what stands behind the last slash or backslash is used.</param>
    public FormFields(IReadOnlyList<KeyValuePair<string, string>> fields, string fileName)
    {
        string name = fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        Items = [.. fields.Select(field => new KeyValuePair<string, string>(field.Key, field.Value.Replace(FileNameVariable, name, StringComparison.Ordinal)))];
    }

    /// <summary>Name and value of each, in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Items { get; }

    /// <summary>The value of a field; null when the form has none of that name.</summary>
    public string? Find(string name)
    {
        foreach ((string field, string value) in Items)
        {
            if (field.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}

using System.Collections.Frozen;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>How an element of an S3 document is mapped.</summary>
internal enum XmlAction
{
    /// <summary>As it is, children by their own rules.</summary>
    Copy,

    /// <summary>Left out with all it holds.</summary>
    Drop,

    /// <summary>As Copy, but left out whole when a key in it lies outside the prefix.</summary>
    Entry,

    /// <summary>A key or common prefix in an entry.</summary>
    EntryKey,

    /// <summary>A key that tells where the next page starts.</summary>
    NextKey,

    /// <summary>The origin's token for the next page.</summary>
    NextToken,

    /// <summary>Number of keys in the page, less those dropped.</summary>
    KeyCount,

    /// <summary>The client's bucket, whatever the origin says.</summary>
    Bucket,

    /// <summary>The client's key, whatever the origin says.</summary>
    RequestKey,

    /// <summary>The request's query parameter of the rule's argument, empty when absent; encoded like keys.</summary>
    Echo,

    /// <summary>As Echo, but left out when absent.</summary>
    EchoIfSent,

    /// <summary>As EchoIfSent, never encoded.</summary>
    EchoTokenIfSent,

    /// <summary>Where the client finds the object.</summary>
    Location,

    /// <summary>What the client addressed.</summary>
    Resource,

    /// <summary>A bucket an error names: ours or the copy's source; left out when neither.</summary>
    ErrorBucket,

    /// <summary>A key an error names: ours, the copy's source, or any within the prefix; left out otherwise.</summary>
    ErrorKey,

    /// <summary>Text for people, in which the origin's names are replaced.</summary>
    FreeText,
}

/// <summary>Rule of an element and of those in it. Immutable.</summary>
/// <param name="Action">What becomes of the element.</param>
/// <param name="Argument">Query parameter of an echo; else empty.</param>
/// <param name="Children">Rules by local name.</param>
/// <param name="Unlisted">What becomes of children without a rule.</param>
internal sealed record XmlRule(
    XmlAction Action, string Argument = "", FrozenDictionary<string, XmlRule>? Children = null, XmlAction Unlisted = XmlAction.Copy)
{
    private static readonly XmlRule Copied = new(XmlAction.Copy);
    private static readonly XmlRule Dropped = new(XmlAction.Drop);

    public XmlRule Child(string localName) =>
        Children is not null && Children.TryGetValue(localName, out XmlRule? rule) ? rule : Unlisted == XmlAction.Drop ? Dropped : Copied;
}

using S3Proxy.Forwarding.Bodies;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>Why a response document could not be mapped; nothing of it may be shown.</summary>
internal enum XmlMappingFailure
{
    None,

    /// <summary>There was no document. With an error status the answer may go on without a body.</summary>
    Empty,

    /// <summary>Longer than <see cref="ResponseXmlMapping.MaxBodyBytes"/>.</summary>
    TooLarge,

    /// <summary>Not XML, not UTF-8, with a document type, or nested too deep.</summary>
    Malformed,

    /// <summary>XML, but not the document of this operation.</summary>
    Unexpected,
}

/// <summary>A mapped document, or why there is none. Owns the bytes.</summary>
internal sealed class XmlMappingResult(BodyBuffer? body) : IDisposable
{
    public XmlMappingFailure Failure { get; init; }

    /// <summary>What was wrong and where, for the log; may quote the origin and is not for the client.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The document for the client; empty on failure. Without an XML declaration when <see cref="KeepAliveSent"/>.</summary>
    public ReadOnlyMemory<byte> Body => body?.Memory ?? default;

    /// <summary>The document is an <c>Error</c>, whatever the status says.</summary>
    public bool IsError { get; init; }

    /// <summary>Entries left out because their keys lie outside the prefix. More than none points at an origin that ignores <c>prefix</c>.</summary>
    public int DroppedEntries { get; init; }

    /// <summary>
    /// A declaration and white space went to the client already: its status is 200, and a failure must follow as an <c>Error</c> document
    /// without a declaration.
    /// </summary>
    public bool KeepAliveSent { get; init; }

    public void Dispose() => body?.Dispose();
}

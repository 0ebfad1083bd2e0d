using System.Diagnostics.CodeAnalysis;
using S3Proxy.Protocol;

namespace S3Proxy.Auth;

/// <summary>Either who sent the request or why it is refused.</summary>
internal readonly record struct AuthenticationResult
{
    public Identity? Identity { get; private init; }

    public S3Error? Error { get; private init; }

    [MemberNotNullWhen(true, nameof(Identity))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsAuthenticated => Identity is not null;

    /// <summary>How the body is protected. Whoever reads the body must hold it to this.</summary>
    public PayloadDeclaration Payload { get; private init; }

    /// <summary>Set when the body's chunks are signed.</summary>
    public ChunkSigningContext? ChunkSigning { get; private init; }

    public static AuthenticationResult Of(Identity identity, PayloadDeclaration payload, ChunkSigningContext? chunkSigning = null) =>
        new() { Identity = identity, Payload = payload, ChunkSigning = chunkSigning };

    public static AuthenticationResult Refused(S3Error error) => new() { Error = error };
}

namespace S3Proxy.Fetching;

/// <summary>The border to the origin for shared fetches: chooses an endpoint, signs, sends, and waits for the headers.</summary>
internal interface IOriginReader
{
    /// <summary>
    /// Sends a read. Every answer the origin gives, errors too, is returned; what keeps it from answering is a <see cref="FetchException"/>.
    /// What is sent is <see cref="OriginRead.AsSent"/>, taken when the request's turn has come. The caller disposes the answer.
    /// </summary>
    /// <exception cref="FetchException">No endpoint could be reached, none answered in time, or the request did not get its turn.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken);

    /// <summary>Whether the origin's retry budget allows one request more than would be needed if all went well; takes it out of the budget.</summary>
    bool MayRepeat(ObjectTarget target) => true;

    /// <summary>True when other requests wait for a slot of the object's origin: a transfer that stands still should not keep one.</summary>
    bool IsCrowded(ObjectTarget target) => false;

    /// <summary>Tells that a transfer broke after its headers, for the health of the endpoint that served it.</summary>
    void ReportBroken(OriginAnswer answer);
}

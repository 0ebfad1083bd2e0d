namespace S3Proxy.SoakTests.Checking;

/// <summary>Decides when a reader takes the next piece of a body: as fast as it comes in a test of the checker, by the progress of others in the load.</summary>
internal interface IBodyPace
{
    /// <summary>Completes when the reader may go on.</summary>
    Task NextPieceAsync();
}

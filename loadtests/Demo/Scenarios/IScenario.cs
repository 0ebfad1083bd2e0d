using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Scenarios;

/// <summary>A kind of load with objects of its own, which nobody has read before.</summary>
internal interface IScenario
{
    string Title { get; }

    /// <summary>What it does and what is to be seen in it, in one line.</summary>
    string Description { get; }

    /// <summary>Body bytes it will read when all goes well.</summary>
    long TotalBytes { get; }

    /// <summary>Most origin GETs that are right; null for no bound.</summary>
    long? MaxOriginGets { get; }

    /// <summary>Puts its objects to the origin.</summary>
    void Prepare(Stage stage);

    /// <summary>Reads them; <paramref name="onRead"/> is called after each read, from any thread.</summary>
    Task RunAsync(Stage stage, Action<ReadOutcome> onRead, CancellationToken cancellationToken);
}

using System.Globalization;

namespace S3Proxy.Demo.Peers;

/// <summary>Tells on standard error how far a long run is. Not thread-safe.</summary>
/// <param name="turns">Measurements to come.</param>
internal sealed class PeersProgress(int turns)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private int _done;

    /// <summary>Says that something long begins which is no measurement.</summary>
    public void Tell(string what) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Head()} {what}"));

    /// <summary>Says what one measurement came to.</summary>
    public void Count(string what)
    {
        _done++;
        Tell(what);
    }

    private string Head()
    {
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(_started);
        string left = _done == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", about {elapsed * ((double)turns / _done - 1):hh\\:mm\\:ss} left");
        return string.Create(CultureInfo.InvariantCulture, $"[{_done}/{turns}{left}]");
    }
}

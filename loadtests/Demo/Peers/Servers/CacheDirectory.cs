using System.Globalization;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>Directories in memory, for servers that keep their cache or their state in files.</summary>
internal static class CacheDirectory
{
    private const string SharedMemory = "/dev/shm";
    private const long SpareBytes = 256L << 20;

    /// <summary>Makes one: in <c>/dev/shm</c> where that has room for as much, which containers' often have not; else where temporary files go.</summary>
    /// <param name="bytes">What is to be kept there.</param>
    public static string Create(long bytes)
    {
        bool hasRoom = Directory.Exists(SharedMemory) && new DriveInfo(SharedMemory).AvailableFreeSpace >= bytes + SpareBytes;
        string name = string.Create(CultureInfo.InvariantCulture, $"s3proxy-peers-{Environment.ProcessId}-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(Path.Combine(hasRoom ? SharedMemory : Path.GetTempPath(), name)).FullName;
    }
}

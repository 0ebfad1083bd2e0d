using System.Runtime.InteropServices;

namespace S3Proxy.Demo.Processes;

/// <summary>Finds the <c>dotnet</c> that runs this process, which need not be on the path.</summary>
internal static class DotnetHost
{
    /// <summary>A path, or just the name where the runtime is laid out in another way.</summary>
    public static string Path
    {
        get
        {
            // <root>/shared/Microsoft.NETCore.App/<version>/
            string root = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            string host = System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            return File.Exists(host) ? host : "dotnet";
        }
    }
}

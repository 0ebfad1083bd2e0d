using Amazon.S3;

namespace S3Proxy.ConformanceTests.Clients.DotNet;

/// <summary>The AWS SDK for .NET in this process, in both styles of addressing.</summary>
internal static class DotNetKinds
{
    public static ClientKind PathStyle { get; } = new()
    {
        Name = "AWS SDK for .NET",
        Slug = "dotnet",
        Missing = "",
        FindVersionAsync = _ => Task.FromResult<string?>(Version),
        OpenAsync = (access, _) => Task.FromResult<IMatrixClient>(new DotNetClient(access, hostStyle: false)),
    };

    public static ClientKind HostStyle { get; } = PathStyle with
    {
        Name = "AWS SDK for .NET by host",
        Slug = "dotnet-host",
        OpenAsync = (access, _) => Task.FromResult<IMatrixClient>(new DotNetClient(access, hostStyle: true)),
    };

    private static string Version => System.Diagnostics.FileVersionInfo.GetVersionInfo(typeof(AmazonS3Client).Assembly.Location).FileVersion ?? "unknown";
}

using S3Proxy.ConformanceTests.Clients.CommandLine;
using S3Proxy.ConformanceTests.Clients.DotNet;
using S3Proxy.ConformanceTests.Clients.Drivers;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The columns of the matrix, in the order of the table.</summary>
internal static class ClientKinds
{
    public static IReadOnlyList<ClientKind> All { get; } =
    [
        CommandLineKinds.AwsCli,
        DriverScripts.Boto3,
        CommandLineKinds.S3cmd,
        CommandLineKinds.Rclone,
        DotNetKinds.PathStyle,
        DotNetKinds.HostStyle,
        DriverScripts.JavaScript,
        CommandLineKinds.S3fs,
    ];
}

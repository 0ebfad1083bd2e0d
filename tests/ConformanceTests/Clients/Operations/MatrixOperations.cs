namespace S3Proxy.ConformanceTests.Clients.Operations;

/// <summary>The rows of the matrix, in the order of the table.</summary>
internal static class MatrixOperations
{
    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        .. Transfers.All,
        .. ObjectOperations.All,
        .. Sharing.All,
        Keys.Tricky,
    ];
}

namespace S3Proxy.Reporting;

/// <summary>One row of a panel.</summary>
/// <param name="Label">Stands at its left.</param>
/// <param name="Values">A value for each series, in their order; null where there is none.</param>
public sealed record DotRow(string Label, IReadOnlyList<double?> Values);

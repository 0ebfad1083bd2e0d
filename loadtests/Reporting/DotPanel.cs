namespace S3Proxy.Reporting;

/// <summary>One panel of a chart: rows on a logarithmic axis of its own, or on that of the whole chart.</summary>
/// <param name="Title">What is shown, in which unit, and which way is better.</param>
/// <param name="Rows">From top to bottom.</param>
public sealed record DotPanel(string Title, IReadOnlyList<DotRow> Rows);

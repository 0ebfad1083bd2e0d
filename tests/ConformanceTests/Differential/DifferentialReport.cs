using System.Globalization;
using System.Text;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Gathers what one table's run found. Not thread-safe.</summary>
internal sealed class DifferentialReport(string group, AddressStyle style)
{
    private readonly List<(Exchange Exchange, AnswerDifference Difference)> _unexplained = [];
    private readonly Dictionary<KnownDifference, int> _explained = [];
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private int _compared;

    public string Group => group;

    public void Add(Exchange exchange, IEnumerable<AnswerDifference> differences)
    {
        _compared++;
        string outcome = exchange.Proxied.Outcome is { } cached ? $"{exchange.State} {cached}".Trim() : "forwarded";
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        foreach (AnswerDifference difference in differences)
        {
            if (KnownDifferences.All.FirstOrDefault(known => known.Groups.Contains(group) && known.Covers(exchange, difference)) is { } found)
            {
                _explained[found] = _explained.GetValueOrDefault(found) + 1;
            }
            else
            {
                _unexplained.Add((exchange, difference));
            }
        }
    }

    /// <summary>The counts, for people.</summary>
    public string Summary() => string.Create(
        CultureInfo.InvariantCulture,
        $"{group}, {style}: {_compared} answers compared ({string.Join(", ", _outcomes.Select(pair => $"{pair.Key}: {pair.Value}"))}); {_explained.Values.Sum()} differences explained, {_unexplained.Count} not.");

    /// <summary>Fails with every difference that has no reason, and with every reason that had no difference.</summary>
    public void Check()
    {
        StringBuilder text = new();
        foreach (var call in _unexplained.GroupBy(found => found.Exchange))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{call.Key}");
            foreach (var (_, difference) in call)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {difference}");
            }
        }

        foreach (KnownDifference known in KnownDifferences.All.Where(known => known.Groups.Contains(group) && (known.Style ?? style) == style && !_explained.ContainsKey(known)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{group} does not show '{known.Name}' any more: take it off the list.");
        }

        Assert.True(text.Length == 0, $"{Summary()}\n{text}");
    }
}

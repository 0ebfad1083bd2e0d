using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Coalescing.Tests.Statistics;

/// <summary>Requirement K3: merging totals is commutative and associative, and loses no count.</summary>
public sealed class UsageTableTests
{
    private const int MaxBytes = 256;

    [Fact]
    public void K3_merging_is_commutative() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[])>(), input =>
        {
            UsageTable<byte> one = Merged(MaxBytes, Counted(input.Item1, MaxBytes), Counted(input.Item2, MaxBytes));
            UsageTable<byte> other = Merged(MaxBytes, Counted(input.Item2, MaxBytes), Counted(input.Item1, MaxBytes));
            AssertSame(one, other);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void K3_merging_is_associative_and_the_same_as_counting_everything_in_one_place() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[], byte[])>(), input =>
        {
            (UsageTable<byte> a, UsageTable<byte> b, UsageTable<byte> c) =
                (Counted(input.Item1, MaxBytes), Counted(input.Item2, MaxBytes), Counted(input.Item3, MaxBytes));
            UsageTable<byte> left = Merged(MaxBytes, Merged(MaxBytes, a, b), c);
            UsageTable<byte> right = Merged(MaxBytes, a, Merged(MaxBytes, b, c));
            AssertSame(left, right);
            AssertSame(Counted([.. input.Item1, .. input.Item2, .. input.Item3], MaxBytes), left);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void K3_no_count_is_lost_when_names_exceed_the_bound() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[], byte)>(), input =>
        {
            int maxNames = 1 + (input.Item3 % 8);
            UsageTable<byte> merged = Merged(maxNames, Counted(input.Item1, maxNames), Counted(input.Item2, maxNames));

            Usage sum = merged.Entries.Values.Aggregate(merged.Other, (all, usage) => all + usage);
            Assert.Equal(Counted([.. input.Item1, .. input.Item2], MaxBytes).Total, sum);
            Assert.Equal(sum, merged.Total);
            Assert.InRange(merged.Count, 0, maxNames);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_table_for_no_name_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new UsageTable<string>(0));

    private static UsageTable<byte> Counted(byte[] names, int maxNames)
    {
        UsageTable<byte> table = new(maxNames);
        foreach (byte name in names)
        {
            table.Add(name, new Usage(1, 10 + name));
        }

        return table;
    }

    private static UsageTable<byte> Merged(int maxNames, params UsageTable<byte>[] tables)
    {
        UsageTable<byte> merged = new(maxNames);
        foreach (UsageTable<byte> table in tables)
        {
            merged.Merge(table);
        }

        return merged;
    }

    private static void AssertSame(UsageTable<byte> expected, UsageTable<byte> actual)
    {
        Assert.Equal(expected.Total, actual.Total);
        Assert.Equal(expected.Other, actual.Other);
        Assert.Equal(expected.Entries.OrderBy(entry => entry.Key), actual.Entries.OrderBy(entry => entry.Key));
    }
}

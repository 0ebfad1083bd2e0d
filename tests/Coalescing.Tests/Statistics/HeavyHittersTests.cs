using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Coalescing.Tests.Statistics;

/// <summary>Requirement K3: the summary of hot keys keeps its bounds however it was merged.</summary>
public sealed class HeavyHittersTests
{
    private const int Roomy = 256;

    [Fact]
    public void K3_with_room_for_all_keys_merging_is_commutative_associative_and_exact() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[], byte[])>(), input =>
        {
            byte[][] parts = [input.Item1, input.Item2, input.Item3];
            HeavyHitters<byte> left = Counted(Roomy, parts[0]);
            left.Merge(Counted(Roomy, parts[1]));
            left.Merge(Counted(Roomy, parts[2]));
            HeavyHitters<byte> inner = Counted(Roomy, parts[2]);
            inner.Merge(Counted(Roomy, parts[1]));
            HeavyHitters<byte> right = Counted(Roomy, parts[0]);
            right.Merge(inner);

            HotKey<byte>[] expected = [.. parts.SelectMany(part => part).CountBy(key => key)
                .Select(entry => new HotKey<byte>(entry.Key, entry.Value, 0, new Usage(entry.Value, 10L * entry.Value))).OrderBy(key => key.Key)];
            Assert.Equal(expected, left.Top(Roomy).OrderBy(key => key.Key));
            Assert.Equal(expected, right.Top(Roomy).OrderBy(key => key.Key));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void K3_merged_in_any_grouping_no_score_is_below_the_truth_nor_further_above_it_than_its_error() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte[], byte[], byte)>(), input =>
        {
            int maxKeys = 1 + (input.Item4 % 6);
            byte[][] parts = [.. new[] { input.Item1, input.Item2, input.Item3 }.Select(part => part.Select(key => (byte)(key % 16)).ToArray())];
            HeavyHitters<byte> chained = Counted(maxKeys, parts[0]);
            chained.Merge(Counted(maxKeys, parts[1]));
            chained.Merge(Counted(maxKeys, parts[2]));
            HeavyHitters<byte> nested = Counted(maxKeys, parts[1]);
            nested.Merge(Counted(maxKeys, parts[0]));
            HeavyHitters<byte> other = Counted(maxKeys, parts[2]);
            other.Merge(nested);

            Dictionary<byte, int> truth = parts.SelectMany(part => part).CountBy(key => key).ToDictionary();
            AssertBounds(truth, chained);
            AssertBounds(truth, other);

            // A merged summary goes on counting, with the bounds it has.
            foreach (byte key in parts[0])
            {
                other.Add(key, new Usage(1, 10));
                truth[key]++;
            }

            AssertBounds(truth, other);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_key_above_its_share_is_found_and_the_scores_sum_to_what_was_added() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], byte)>(), input =>
        {
            int maxKeys = 1 + (input.Item2 % 8);
            byte[] keys = [.. input.Item1.Select(key => (byte)(key % 32))];
            HeavyHitters<byte> summary = Counted(maxKeys, keys);

            Assert.Equal(keys.Length, summary.Top(maxKeys).Sum(key => key.Hotness));
            Assert.All(keys.CountBy(key => key).Where(entry => entry.Value > keys.Length / (double)maxKeys), entry => Assert.NotNull(summary.Find(entry.Key)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_aged_key_makes_room_for_one_that_is_asked_for_now()
    {
        HeavyHitters<string> summary = new(2);
        summary.Add("yesterday", new Usage(100, 0));
        summary.Add("steady", new Usage(60, 0));
        summary.Age(0.5);
        summary.Add("steady", new Usage(60, 0));
        summary.Age(0.125);
        summary.Add("today", new Usage(20, 0));

        Assert.Equal(["today", "steady"], summary.Top(2).Select(key => key.Key));
        Assert.Equal(6.25, summary.Find("today")!.HotnessError);
        Assert.Equal(new Usage(120, 0), summary.Find("steady")!.Seen);
    }

    [Fact]
    public void Strangers_displace_one_another_and_not_what_is_hot()
    {
        HeavyHitters<int> summary = new(16);
        for (int i = 1; i <= 10_000; i++)
        {
            summary.Add(-(i % 4), new Usage(1, 0));
            summary.Add(i, new Usage(1, 0));
        }

        Assert.Equal([-3, -2, -1, 0], summary.Top(4).Select(key => key.Key).Order());
        Assert.Equal(16, summary.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    public void Only_a_factor_that_ages_is_taken(double factor) => Assert.Throws<ArgumentOutOfRangeException>(() => new HeavyHitters<int>(1).Age(factor));

    private static HeavyHitters<byte> Counted(int maxKeys, byte[] keys)
    {
        HeavyHitters<byte> summary = new(maxKeys);
        foreach (byte key in keys)
        {
            summary.Add(key, new Usage(1, 10));
        }

        return summary;
    }

    private static void AssertBounds(Dictionary<byte, int> truth, HeavyHitters<byte> summary)
    {
        Assert.InRange(summary.Count, 0, summary.MaxKeys);
        foreach ((byte key, int count) in truth)
        {
            if (summary.Find(key) is { } found)
            {
                Assert.InRange(count, found.Hotness - found.HotnessError, found.Hotness);
                Assert.InRange(found.Seen.Requests, 0, count);
            }
            else
            {
                Assert.InRange(count, 0, summary.UntrackedBound);
            }
        }
    }
}

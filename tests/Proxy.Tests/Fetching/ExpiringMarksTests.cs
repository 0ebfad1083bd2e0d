using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement F8: the marker is bounded in number and in time.</summary>
public sealed class ExpiringMarksTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ExpiringMarks<ObjectId, int> _marks;

    public ExpiringMarksTests() => _marks = new ExpiringMarks<ObjectId, int>(_time, capacity: 3);

    [Fact]
    public void A_mark_holds_for_its_time()
    {
        _marks.Set(Id(1), 7, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(_marks.TryGet(Id(1), out int value));
        Assert.Equal(7, value);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_marks.TryGet(Id(1), out _));
        Assert.Equal(0, _marks.Count);
    }

    [Fact]
    public void A_second_mark_takes_the_place_of_the_first()
    {
        _marks.Set(Id(1), 1, TimeSpan.FromSeconds(1));
        _marks.Set(Id(1), 2, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(_marks.TryGet(Id(1), out int value));
        Assert.Equal(2, value);
        Assert.Equal(1, _marks.Count);
    }

    [Fact]
    public void A_full_table_drops_new_marks_until_old_ones_are_over()
    {
        for (int i = 0; i < 5; i++)
        {
            _marks.Set(Id(i), i, TimeSpan.FromSeconds(10));
        }

        Assert.Equal(3, _marks.Count);
        Assert.Equal(2, _marks.Dropped);
        Assert.False(_marks.TryGet(Id(4), out _));

        _time.Advance(TimeSpan.FromSeconds(10));
        _marks.Set(Id(4), 4, TimeSpan.FromSeconds(10));
        Assert.True(_marks.TryGet(Id(4), out _));
        Assert.Equal(1, _marks.Count);
    }

    [Fact]
    public void A_mark_taken_off_makes_room()
    {
        _marks.Set(Id(1), 1, TimeSpan.FromSeconds(10));
        _marks.Remove(Id(1));
        _marks.Remove(Id(1));

        Assert.False(_marks.TryGet(Id(1), out _));
        Assert.Equal(0, _marks.Count);
    }

    [Fact]
    public void No_time_is_no_mark()
    {
        _marks.Set(Id(1), 1, TimeSpan.Zero);
        Assert.Equal(0, _marks.Count);
    }

    private static ObjectId Id(int i) => TestObjects.Id($"key-{i}");
}

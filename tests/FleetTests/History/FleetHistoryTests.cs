namespace S3Proxy.FleetTests.History;

/// <summary>The checker finds what it is there for, and nothing else. Requirement I6.</summary>
public sealed class FleetHistoryTests
{
    private const string Key = "k";
    private readonly FleetHistory _history = new();

    [Fact]
    public void A_read_during_a_write_may_be_of_either_version()
    {
        Write(1, 0, 10);
        Write(2, 20, 40);
        Read(0, 1, 25, 30);
        Read(1, 2, 25, 30);
        Read(0, 2, 41, 50);

        Assert.Empty(_history.FindViolations());
    }

    [Fact]
    public void A_read_that_began_before_the_success_may_be_old_and_one_after_it_may_not()
    {
        Write(1, 0, 10);
        Write(2, 20, 40);
        Read(0, 1, 40, 60);
        Assert.Empty(_history.FindViolations());

        Read(1, 1, 41, 60);

        Assert.Contains("began after the success of", Assert.Single(_history.FindViolations()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_never_sees_new_then_old_even_while_the_write_runs()
    {
        Write(1, 0, 10);
        Write(2, 20, null);
        Read(0, 2, 30, 35);
        Read(0, 1, 36, 40);

        Assert.Contains("the same client", Assert.Single(_history.FindViolations()), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_clients_that_see_new_then_old_are_told_apart()
    {
        Write(1, 0, 10);
        Write(2, 20, null);
        Read(0, 2, 30, 35);
        Read(1, 1, 36, 40);

        Assert.Empty(_history.FindViolations());
        Assert.Single(_history.FindInversionsBetweenClients());
    }

    [Fact]
    public void A_version_from_the_future_or_from_nowhere_is_found()
    {
        Write(1, 0, 10);
        Write(2, 50, 60);
        Read(0, 2, 20, 30);
        Read(1, 7, 20, 30);

        Assert.Equal(2, _history.FindViolations().Count);
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_be_seen_and_need_not_be()
    {
        Write(1, 0, 10);
        Write(2, 20, null);
        Read(0, 1, 100, 110);
        Read(0, 2, 120, 130);

        Assert.Empty(_history.FindViolations());
    }

    [Fact]
    public void Keys_do_not_mix()
    {
        Write(1, 0, 10);
        Write(2, 20, 30);
        _history.Add(new WriteEvent("other", 1, 0, 10));
        _history.Add(new ReadEvent(0, "other", 1, 40, 50));

        Assert.Empty(_history.FindViolations());
    }

    private void Write(long version, long started, long? succeeded) => _history.Add(new WriteEvent(Key, version, started, succeeded));

    private void Read(int client, long version, long started, long ended) => _history.Add(new ReadEvent(client, Key, version, started, ended));
}

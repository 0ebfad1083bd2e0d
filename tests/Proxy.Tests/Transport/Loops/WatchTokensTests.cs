using S3Proxy.Native;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

public sealed class WatchTokensTests
{
    private readonly WatchTokens _targets = new();

    [Fact]
    public void Each_is_found_by_its_own_token_however_many_there_are()
    {
        (ulong Token, Target Target)[] all = [.. Enumerable.Range(0, 1000).Select(_ => Add())];

        Assert.Equal(all.Length, all.Select(each => each.Token).Distinct().Count());
        Assert.All(all, each => Assert.Same(each.Target, _targets.Find(each.Token)));
    }

    /// <summary>An event of a socket that was closed must not reach the one that came in its place.</summary>
    [Fact]
    public void A_token_finds_nobody_after_it_was_removed_whoever_has_its_place()
    {
        HashSet<ulong> former = [];
        for (int i = 0; i < 100; i++)
        {
            (ulong token, Target target) = Add();
            Assert.True(former.Add(token));
            Assert.All(former.Where(each => each != token), each => Assert.Null(_targets.Find(each)));
            Assert.Same(target, _targets.Find(token));
            _targets.Remove(token);
        }
    }

    [Fact]
    public void Who_removes_twice_or_what_was_never_given_removes_nobody_else()
    {
        (ulong first, _) = Add();
        _targets.Remove(first);
        (ulong second, Target target) = Add();
        foreach (ulong token in new[] { first, 0UL, ulong.MaxValue, 12_345UL })
        {
            _targets.Remove(token);
            Assert.Null(_targets.Find(token));
        }

        Assert.Same(target, _targets.Find(second));
    }

    /// <summary>The loop looks while sockets come and go, and places are given away again.</summary>
    [Fact]
    public async Task A_token_finds_its_own_or_nobody_while_others_come_and_go()
    {
        const int Rounds = 200_000;
        Pair current = new(0, new Target());
        bool isOver = false;
        Task<int> looking = Task.Factory.StartNew(
            () =>
            {
                int found = 0;
                bool isLast;
                do
                {
                    isLast = Volatile.Read(ref isOver);
                    Pair pair = Volatile.Read(ref current);
                    if (_targets.Find(pair.Token) is { } target)
                    {
                        Assert.Same(pair.Target, target);
                        found++;
                    }
                }
                while (!isLast);

                return found;
            },
            TaskCreationOptions.LongRunning);
        Task changing = Task.Factory.StartNew(
            () =>
            {
                Queue<ulong> there = [];
                for (int i = 0; i < Rounds; i++)
                {
                    (ulong token, Target target) = Add();
                    Volatile.Write(ref current, new Pair(token, target));
                    there.Enqueue(token);
                    if (there.Count > 1 + (i % 300))
                    {
                        _targets.Remove(there.Dequeue());
                    }
                }
            },
            TaskCreationOptions.LongRunning);
        await changing;
        Volatile.Write(ref isOver, true);
        Assert.True(await looking > 0);
    }

    private (ulong Token, Target Target) Add()
    {
        Target target = new();
        return (_targets.Add(target), target);
    }

    private sealed record Pair(ulong Token, Target Target);

    private sealed class Target : IEventTarget
    {
        public void OnEvents(SocketEvents events) => throw new NotSupportedException();
    }
}

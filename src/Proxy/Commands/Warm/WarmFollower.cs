using S3Proxy.Commands.Asking;

namespace S3Proxy.Commands.Warm;

/// <summary>Looks at a warm-up until it has ended, and has it cancelled.</summary>
internal sealed class WarmFollower(AdminClient admin)
{
    private const int MaxLost = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(10);

    /// <summary>Looks again and again, and tells each look.</summary>
    /// <exception cref="CommandException">The proxy answers no more.</exception>
    /// <exception cref="OperationCanceledException">Asked to end; the warm-up goes on.</exception>
    public async Task<WarmLook> FollowAsync(WarmLook look, Action<WarmLook> onLook, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        int lost = 0;
        while (!look.HasEnded)
        {
            await Task.Delay(pause, admin.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            try
            {
                look = new WarmLook(await admin.GetAsync("/admin/warm/" + look.Id, cancellationToken));
                lost = 0;
            }
            catch (CommandException failure) when (failure.ExitCode == ExitCodes.Unreachable && ++lost < MaxLost)
            {
                // A moment without an answer is no reason to leave a long job.
                continue;
            }

            onLook(look);
        }

        return look;
    }

    /// <summary>Has it cancelled, and waits a little for its end.</summary>
    public async Task<WarmLook> CancelAsync(WarmLook look)
    {
        WarmLook cancelled = new(await admin.DeleteAsync("/admin/warm/" + look.Id, CancellationToken.None));
        using CancellationTokenSource limit = new(CancelLimit, admin.Time);
        try
        {
            return await FollowAsync(cancelled, _ => { }, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return cancelled;
        }
    }
}

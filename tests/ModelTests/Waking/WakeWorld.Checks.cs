using S3Proxy.Coalescing.Waking;

namespace S3Proxy.ModelTests.Waking;

/// <summary>What must hold whatever the rules say: nobody waits through a wake, and a wake for an heir is looked after by somebody.</summary>
internal sealed partial class WakeWorld
{
    private void NoteWoken(int key, WakeReason reason, int reached)
    {
        if (reason is not (WakeReason.LeaderFailed or WakeReason.LeaseExpired))
        {
            _wokenAll[key] = _event;
        }
        else if (reached > 0)
        {
            _wokenHeir[key] = _event;
        }
    }

    /// <summary>A caller that accepts or waits again has looked since its last wait ended.</summary>
    private void NoteLooked(NaiveToken token) => _heirLooked[token.Key] = Math.Max(_heirLooked[token.Key], token.LookedAt);

    /// <summary>Nothing can run now.</summary>
    private void CheckQuiet()
    {
        if (Failure is not null)
        {
            return;
        }

        foreach (NaiveToken token in _naive.Tokens)
        {
            Expect(!token.IsBusy || token.IsWaiting, $"Lost: {token} still waits, by the rules it heard {token.Expected}.");
            Expect(!token.IsBusy || token.LookedAt >= _wokenAll[token.Key], $"Lost: {token} waits through a wake for everyone.");
        }

        for (int key = 0; key < _schedule.Keys; key++)
        {
            NaiveToken[] present = [.. _naive.Present.Where(token => token.Key == key)];
            bool isOwed = _wokenHeir[key] > Math.Max(_wokenAll[key], _heirLooked[key]);
            bool nobodyLooks = present.Length > 0 && Array.TrueForAll(present, token => token.IsBusy && token.LookedAt < _wokenHeir[key]);
            Expect(!isOwed || !nobodyLooks, $"Heir: all {present.Length} of key {key} wait, and nobody has looked since its leader failed.");
        }
    }
}

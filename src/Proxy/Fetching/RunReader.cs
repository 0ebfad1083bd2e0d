namespace S3Proxy.Fetching;

/// <summary>
/// One response's interest in runs: where it is and how far it wants to go. Belongs to at most one run at a time; that run's lock protects it.
/// </summary>
internal sealed class RunReader(int lastSlice)
{
    private volatile bool _hasLeftCorrupt;

    /// <summary>Slice the reader is at.</summary>
    public int Position { get; set; }

    /// <summary>Last slice the reader wants.</summary>
    public int LastSlice { get; } = lastSlice;

    /// <summary>True for a reader that wants all its slices as soon as the origin gives them, not just those next to its position.</summary>
    public bool IsEager { get; init; }

    /// <summary>The run the reader is counted in, or null. Only the reader itself changes it.</summary>
    public Run? Run { get; private set; }

    /// <summary>True once the bytes of a run the reader is or was in turned out not to be the object's: it may have read some of them and must not end cleanly.</summary>
    public bool HasReadCorrupt => _hasLeftCorrupt || Run is { IsCorrupt: true };

    /// <summary>Moves to slice <paramref name="index"/> of <paramref name="run"/>, leaving the run it was in; false when that run is ending.</summary>
    public bool TryFollow(Run run, int index)
    {
        if (ReferenceEquals(Run, run))
        {
            run.Move(this, index);
            return true;
        }

        LeaveForAnother();
        if (!run.TryJoin(this, index))
        {
            return false;
        }

        Run = run;
        return true;
    }

    /// <summary>Joins <paramref name="run"/> when it has claimed slice <paramref name="index"/>; otherwise nothing changes.</summary>
    public void FollowIfClaimed(Run run, int index)
    {
        if (run.HasClaimed(index))
        {
            TryFollow(run, index);
        }
    }

    /// <summary>Moves on within the run it is in, if any: slices that come from a tier count for the pace too.</summary>
    public void MoveTo(int index) => Run?.Move(this, index);

    /// <summary>Counts the reader in the run it has just made.</summary>
    public void Lead(Run run) => Run = run;

    /// <summary>Leaves the run it is in, to read on elsewhere: it still hears if that run turns out corrupt. Idempotent.</summary>
    public void LeaveForAnother()
    {
        Run?.Remember(this);
        Leave();
    }

    /// <summary>Hears that a run it has left was corrupt. Any thread.</summary>
    public void HearCorrupt() => _hasLeftCorrupt = true;

    /// <summary>Leaves the run it is in. Idempotent.</summary>
    public void Leave()
    {
        Run?.Leave(this);
        Run = null;
    }
}

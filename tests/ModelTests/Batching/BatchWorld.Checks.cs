namespace S3Proxy.ModelTests.Batching;

/// <summary>What must hold.</summary>
internal sealed partial class BatchWorld
{
    private void CheckSent(ModelAsk[] asks)
    {
        int lane = asks[0].Lane;
        Expect(asks.Length <= (Options.IsEnabled ? Options.MaxBatchSize : 1), $"Size: a batch of {asks.Length}.");
        Expect(Array.TrueForAll(asks, ask => ask.Lane == lane), "Lanes: a batch mixes them.");
        bool isOneAtATime = Options.IsEnabled && Options.MaxInFlight == 1;
        foreach (ModelAsk ask in asks)
        {
            ask.Sent++;
            Expect(ask.Sent == 1, $"Once: {ask} was sent again.");
            Expect(ask.Outcome == AskOutcome.None, $"Withdrawn: {ask} was sent though its caller had an outcome.");
        }

        int[] order = [.. asks.Select(ask => ask.Order)];
        Expect(order.SequenceEqual(order.Order()), "Order: a batch is not in the order of its asking.");
        Expect(!isOneAtATime || order[0] > _lastSent[lane], $"Order: {asks[0]} was overtaken.");
        _lastSent[lane] = order[^1];
    }

    /// <summary>Nothing can run: whoever waits waits for a batch in flight, or for the window.</summary>
    private void CheckQuiet()
    {
        if (Failure is not null)
        {
            return;
        }

        TimeSpan now = TimeSpan.FromTicks(Time.GetTimestamp());
        foreach (ModelAsk ask in _asks)
        {
            Expect(!ask.IsAsked || ask.Outcome != AskOutcome.None || !ask.Leaves.IsCancellationRequested, $"Stranded: {ask} was cancelled and hears nothing.");
            if (!ask.IsWaiting)
            {
                continue;
            }

            int waiting = _asks.Count(other => other.Lane == ask.Lane && other.IsWaiting);
            TimeSpan waited = now - TimeSpan.FromTicks(ask.AskedAt);
            Expect(_inFlight[ask.Lane] > 0, $"Stranded: {ask} waits in an idle lane.");
            Expect(_inFlight[ask.Lane] >= Options.MaxInFlight || waiting < Options.MaxBatchSize, $"Stranded: a full batch of lane {ask.Lane} waits though there is a place.");
            Expect(
                _inFlight[ask.Lane] >= Options.MaxInFlight || waited < Options.BatchWindow + TimeSpan.FromMilliseconds(1),
                $"Window: {ask} has waited for {waited.TotalMilliseconds} ms though there is a place.");
        }

        Expect(Batcher.PendingCount <= Options.MaxBatchItems || !Options.IsEnabled, $"Bound: {Batcher.PendingCount} are pending.");
    }

    private void CheckOutcome(ModelAsk ask)
    {
        bool isRight = ask.Outcome switch
        {
            AskOutcome.Result => ask.HasResult && ask.Sent == 1,
            AskOutcome.Failure => ask.Sent == 1 && !ask.HasResult,
            AskOutcome.Cancelled => ask.Leaves.IsCancellationRequested,
            AskOutcome.Stopped => _stopped is not null,
            AskOutcome.Refused => ask.Sent == 0,
            _ => false,
        };
        Expect(isRight, $"Outcome: {ask} has no right to it.");
    }

    private void CheckEnd()
    {
        foreach (ModelAsk ask in _asks)
        {
            Expect(ask.Outcome != AskOutcome.None, $"Stranded: {ask} has no outcome.");

            // A result exists and its caller heard something else: that, and nothing but that, is given back, once.
            bool isOrphan = ask.HasResult && ask.Outcome != AskOutcome.Result;
            Expect(ask.Orphaned == (isOrphan ? 1 : 0), $"Orphans: {ask}.");
        }

        Expect(_stopped is null or { IsCompletedSuccessfully: true }, "Stop: it did not end.");
        Expect(Batcher.PendingCount == 0, $"Left: {Batcher.PendingCount} pending.");
        Expect(Batcher.LaneCount == 0, $"Left: {Batcher.LaneCount} lanes.");
        Expect(Time.ArmedTimers == 0, $"Left: {Time.ArmedTimers} timers.");
        Expect(Scheduler.Escapes == 0, $"Determinism: {Scheduler.Escapes} tasks came from another thread.");
    }
}

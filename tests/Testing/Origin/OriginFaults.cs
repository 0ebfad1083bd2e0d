using System.Collections.Immutable;

namespace S3Proxy.Testing.Origin;

/// <summary>
/// The faults in force. A request is spoiled by every rule that claims it, in the order in which they were added; later rules win where both
/// set the same effect. Thread-safe; a change concerns requests that arrive afterwards.
/// </summary>
public sealed class OriginFaults
{
    private ImmutableArray<FaultRule> _rules = [];

    internal OriginFaults()
    {
    }

    internal bool IsEmpty => _rules.IsEmpty;

    /// <summary>Puts a fault in force until the rule is disposed.</summary>
    public FaultRule Add(RequestMatch match, FaultEffects effects)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(effects);
        if (effects.Status is < 200 or (> 299 and < 400) or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(effects), effects.Status, "A fault's status is a success or an error: 200 to 299, 400 to 599.");
        }

        FaultRule rule = new(this, match, effects);
        ImmutableInterlocked.Update(ref _rules, static (rules, added) => rules.Add(added), rule);
        return rule;
    }

    /// <summary>Removes every rule. Requests held at a gate stay there until it is released.</summary>
    public void Clear() => ImmutableInterlocked.Update(ref _rules, static _ => []);

    internal void Remove(FaultRule rule) => ImmutableInterlocked.Update(ref _rules, static (rules, gone) => rules.Remove(gone), rule);

    internal FaultEffects For(OriginRequest request)
    {
        FaultEffects effects = FaultEffects.None;
        foreach (FaultRule rule in _rules)
        {
            if (rule.Claims(request))
            {
                effects = ReferenceEquals(effects, FaultEffects.None) ? rule.Effects : effects.And(rule.Effects);
            }
        }

        return effects;
    }
}

using S3Proxy.ModelTests.Clients;
using S3Proxy.ModelTests.Origin;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>One thing that happens in a schedule, after the scheduler has taken some steps. Immutable.</summary>
/// <param name="Steps">Steps of the scheduler before it, as far as there are tasks to run.</param>
internal abstract record ModelAction(int Steps)
{
    /// <summary>Does it. What an action speaks of may be missing, after shrinking: then it does nothing.</summary>
    public abstract void Apply(ModelWorld world);

    /// <summary>True when it cannot be the reason for another client's failed read.</summary>
    public virtual bool IsCalm => true;

    /// <summary>A client begins a read.</summary>
    internal sealed record Join(int Steps, int Client, ReadSpec Spec) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Join(Client, Spec);
    }

    /// <summary>A client goes away.</summary>
    internal sealed record Leave(int Steps, int Client) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Leave(Client);
    }

    /// <summary>A slow client takes in some writes more.</summary>
    internal sealed record Take(int Steps, int Client, int Writes) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Take(Client, Writes);
    }

    /// <summary>The next request to the origin without a fault meets this one.</summary>
    internal sealed record Fault(int Steps, OriginFault What, int Parameter) : ModelAction(Steps)
    {
        public override bool IsCalm => What is OriginFault.DelayHeaders or OriginFault.HoldHeaders or OriginFault.SlowBody;

        public override void Apply(ModelWorld world) => world.Origin.PutUp(What, Parameter);
    }

    /// <summary>The origin answers what it held back.</summary>
    internal sealed record Release(int Steps) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Origin.Release(forgetFaults: false);
    }

    /// <summary>The object changes at the origin; the proxy does not know. A negative size deletes it.</summary>
    internal sealed record Overwrite(int Steps, int Object, uint ContentSeed, int SizeBytes) : ModelAction(Steps)
    {
        public override bool IsCalm => false;

        public override void Apply(ModelWorld world) => world.Overwrite(Object, ContentSeed, SizeBytes);
    }

    /// <summary>A write of the object through the proxy begins.</summary>
    internal sealed record BeginWrite(int Steps, int Object) : ModelAction(Steps)
    {
        public override bool IsCalm => false;

        public override void Apply(ModelWorld world) => world.BeginWrite(Object);
    }

    /// <summary>The oldest write of the object under way ends, with an answer or without.</summary>
    internal sealed record EndWrite(int Steps, int Object, bool Answered) : ModelAction(Steps)
    {
        public override bool IsCalm => false;

        public override void Apply(ModelWorld world) => world.EndWrite(Object, Answered);
    }

    /// <summary>What is known of the object is invalidated.</summary>
    internal sealed record Invalidate(int Steps, int Object) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Invalidate(Object);
    }

    /// <summary>Somebody else takes memory.</summary>
    internal sealed record HoldMemory(int Steps, int Pages) : ModelAction(Steps)
    {
        public override bool IsCalm => false;

        public override void Apply(ModelWorld world) => world.HoldMemory(Pages);
    }

    /// <summary>Memory taken by somebody else comes back.</summary>
    internal sealed record ReleaseMemory(int Steps) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.ReleaseMemory();
    }

    /// <summary>Everything cached is evicted.</summary>
    internal sealed record Evict(int Steps) : ModelAction(Steps)
    {
        public override void Apply(ModelWorld world) => world.Evict();
    }

    /// <summary>Time passes.</summary>
    internal sealed record Wait(int Steps, int Milliseconds) : ModelAction(Steps)
    {
        public const int CalmLimitMilliseconds = 200;

        public override bool IsCalm => Milliseconds <= CalmLimitMilliseconds;

        public override void Apply(ModelWorld world) => world.Time.Advance(TimeSpan.FromMilliseconds(Milliseconds));
    }

    /// <summary>The proxy ends all flights, as at a shutdown.</summary>
    internal sealed record ShutDown(int Steps) : ModelAction(Steps)
    {
        public override bool IsCalm => false;

        public override void Apply(ModelWorld world) => world.CancelAll();
    }
}

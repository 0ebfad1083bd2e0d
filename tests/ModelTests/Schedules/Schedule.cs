using System.Globalization;
using System.Text;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>Everything a run of the model depends on: the world, what happens in it, and the seed of the interleaving. Immutable.</summary>
internal sealed record Schedule(ulong Seed, WorldShape Shape, IReadOnlyList<ModelAction> Actions)
{
    /// <summary>True when no read may fail but by a fault of the product.</summary>
    public bool IsCalm => Shape.HasAmpleMemory && Shape.ObjectBytes.All(bytes => bytes >= 0) && Actions.All(action => action.IsCalm);

    /// <summary>The schedule that follows from a seed.</summary>
    public static Schedule From(ulong seed)
    {
        ModelRandom random = new(seed);
        bool isCalm = random.Chance(35);
        WorldShape shape = WorldShape.From(random, isCalm);
        return new Schedule(seed, shape, ActionGenerator.Generate(random, shape, isCalm));
    }

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"schedule {Seed:x16}: {Shape}");
        foreach (ModelAction action in Actions)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {action}");
        }

        return text.ToString();
    }
}

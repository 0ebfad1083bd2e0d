using System.Globalization;
using S3Proxy.ModelTests.Clients;
using S3Proxy.ModelTests.Origin;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>Makes the actions of a schedule: mostly reads of few objects, so that they meet, with something happening in between.</summary>
internal static class ActionGenerator
{
    private static readonly OriginFault[] Calm = [OriginFault.DelayHeaders, OriginFault.HoldHeaders, OriginFault.HoldHeaders, OriginFault.SlowBody];
    private static readonly OriginFault[] All = Enum.GetValues<OriginFault>();

    public static IReadOnlyList<ModelAction> Generate(ModelRandom random, WorldShape shape, bool isCalm)
    {
        int count = random.Between(4, 14);
        List<ModelAction> actions = new(count);
        int clients = 0;
        for (int i = 0; i < count; i++)
        {
            int steps = random.Chance(40) ? random.Below(4) : random.Below(25);
            actions.Add(i == 0 || random.Chance(45)
                ? new ModelAction.Join(steps, clients++, Read(random, shape))
                : Happening(random, shape, isCalm, steps, clients));
        }

        if (!isCalm && random.Chance(35))
        {
            InsertWrite(random, shape, actions);
        }

        return actions;
    }

    /// <summary>A whole write of one object, in its order, with whatever else happens in between: by chance alone that is rare.</summary>
    private static void InsertWrite(ModelRandom random, WorldShape shape, List<ModelAction> actions)
    {
        int begin = random.Between(0, actions.Count);
        int commit = random.Between(begin + 1, actions.Count + 1);
        int end = random.Between(commit + 1, actions.Count + 2);
        actions.Insert(begin, new ModelAction.BeginWrite(random.Below(12), 0));
        actions.Insert(commit, new ModelAction.Overwrite(random.Below(12), 0, ContentSeed(random), NewSize(random, shape)));
        actions.Insert(end, new ModelAction.EndWrite(random.Below(12), 0, random.Chance(75)));
    }

    private static ModelAction Happening(ModelRandom random, WorldShape shape, bool isCalm, int steps, int clients)
    {
        int known = random.Below(shape.ObjectBytes.Count);
        int client = random.Below(clients);
        if (isCalm)
        {
            return random.Below(12) switch
            {
                0 or 1 or 2 or 3 => new ModelAction.Leave(steps, client),
                4 or 5 => new ModelAction.Fault(steps, random.Pick<OriginFault>(Calm), random.Below(50)),
                6 => new ModelAction.Release(steps),
                7 => new ModelAction.Take(steps, client, random.Between(1, 4)),
                8 => new ModelAction.Invalidate(steps, known),
                9 => new ModelAction.Evict(steps),
                _ => new ModelAction.Wait(steps, random.Between(1, ModelAction.Wait.CalmLimitMilliseconds)),
            };
        }

        return random.Below(24) switch
        {
            0 or 1 or 2 => new ModelAction.Leave(steps, client),
            3 or 4 or 5 or 6 or 20 or 21 or 22 or 23 => new ModelAction.Fault(steps, random.Pick<OriginFault>(All), random.Below(4 * shape.SliceBytes)),
            7 => new ModelAction.Release(steps),
            8 => new ModelAction.Take(steps, client, random.Between(1, 4)),
            9 or 10 => new ModelAction.Overwrite(steps, known, ContentSeed(random), NewSize(random, shape)),
            11 or 12 => new ModelAction.BeginWrite(steps, known),
            13 or 14 => new ModelAction.EndWrite(steps, known, random.Chance(75)),
            15 => new ModelAction.Invalidate(steps, known),
            16 => random.Chance(60) ? new ModelAction.HoldMemory(steps, random.Between(1, shape.BudgetPages)) : new ModelAction.ReleaseMemory(steps),
            17 => new ModelAction.Evict(steps),
            18 => random.Chance(20) ? new ModelAction.ShutDown(steps) : new ModelAction.Wait(steps, 31_000),
            _ => new ModelAction.Wait(steps, random.Pick<int>([1, 60, 500, 6_000, 61_000])),
        };
    }

    /// <summary>Few seeds, so that an overwrite may be one with equal content.</summary>
    private static uint ContentSeed(ModelRandom random) => (uint)random.Between(1, 4);

    private static int NewSize(ModelRandom random, WorldShape shape) =>
        random.Chance(10) ? -1 : random.Chance(30) ? Math.Max(0, shape.ObjectBytes[0]) : WorldShape.SizeOf(random, shape.SliceBytes);

    private static ReadSpec Read(ModelRandom random, WorldShape shape)
    {
        int known = random.Chance(70) ? 0 : random.Below(shape.ObjectBytes.Count);
        int permits = random.Chance(20) ? random.Below(4) : -1;
        if (random.Chance(8))
        {
            return new ReadSpec(known, IsHead: true, WantsChecksums: random.Chance(30));
        }

        return random.Chance(50)
            ? new ReadSpec(known, WantsChecksums: random.Chance(5), Permits: permits)
            : new ReadSpec(known, Range(random, shape, known), Permits: permits);
    }

    private static string Range(ModelRandom random, WorldShape shape, int known)
    {
        int size = Math.Max(1, shape.ObjectBytes[known]);
        int first = random.Below(size);
        return random.Below(6) switch
        {
            0 => Invariant($"bytes=-{random.Between(1, size)}"),
            1 => Invariant($"bytes={first}-"),
            2 => Invariant($"bytes={random.Between(size, size + shape.SliceBytes)}-"),
            3 => Invariant($"bytes={first / shape.SliceBytes * shape.SliceBytes}-{size + 10}"),
            _ => Invariant($"bytes={first}-{random.Between(first, size)}"),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

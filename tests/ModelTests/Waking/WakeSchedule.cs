using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Waking;

/// <summary>What happens to a hub, from one seed.</summary>
internal sealed record WakeSchedule(ulong Seed, int Keys, IReadOnlyList<WakeAction> Actions)
{
    private static readonly WakeMove[] Often =
    [
        WakeMove.Register, WakeMove.Register, WakeMove.Register, WakeMove.Wait, WakeMove.Wait, WakeMove.Wait, WakeMove.Wait, WakeMove.Wait,
        WakeMove.Wake, WakeMove.Wake, WakeMove.Wake, WakeMove.Wake, WakeMove.Cancel, WakeMove.Accept, WakeMove.Leave, WakeMove.Leave, WakeMove.Advance, WakeMove.Settle,
    ];

    public static WakeSchedule From(ulong seed)
    {
        ModelRandom random = new(seed);
        List<WakeAction> actions = [];
        int count = random.Between(5, 45);
        for (int i = 0; i < count; i++)
        {
            WakeMove move = random.Chance(6) ? random.Pick<WakeMove>([WakeMove.WakeAll, WakeMove.Link, WakeMove.ReportMissed]) : random.Pick<WakeMove>(Often);
            actions.Add(new WakeAction(random.Chance(70) ? random.Below(3) : random.Below(12), move, random.Below(1000), random.Below(1000)));
        }

        return new WakeSchedule(seed, random.Between(1, 3), actions);
    }

    public override string ToString() => $"{Keys} keys{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", Actions)}";
}

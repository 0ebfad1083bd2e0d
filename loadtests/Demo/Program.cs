using System.CommandLine;
using S3Proxy.Demo.Commands;

RootCommand root = DemoCommand.Create();
root.Subcommands.Add(LiveCommand.Create());
root.Subcommands.Add(OriginCommand.Create());
root.Subcommands.Add(HerdCommand.Create());
root.Subcommands.Add(CoalescingCommand.Create());
root.Subcommands.Add(FairnessCommand.Create());
root.Subcommands.Add(ThroughputCommand.Create());
root.Subcommands.Add(FleetCommand.Create());
root.Subcommands.Add(PeersCommand.Create());
root.Subcommands.Add(FlameCommand.Create());

// Commands that are interrupted stop what they started, and write what they have.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

using System.CommandLine;
using S3Proxy.Demo.Commands;

RootCommand root = DemoCommand.Create();
root.Subcommands.Add(OriginCommand.Create());
root.Subcommands.Add(HerdCommand.Create());
root.Subcommands.Add(CoalescingCommand.Create());
return await root.Parse(args).InvokeAsync();

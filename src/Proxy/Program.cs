using S3Proxy;
using S3Proxy.Commands;

CommandContext context = new(Console.Out, Console.Error, ProxyProcess.ReadEnvironment())
{
    IsOutputTerminal = !Console.IsOutputRedirected,
    IsErrorTerminal = !Console.IsErrorRedirected,
};
return await new ProxyProcess(context).RunAsync(args, CancellationToken.None);

using S3Proxy;

return await new ProxyProcess(Console.Out, Console.Error, ProxyProcess.ReadEnvironment()).RunAsync(args, CancellationToken.None);

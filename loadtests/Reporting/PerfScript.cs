using System.Text.RegularExpressions;

namespace S3Proxy.Reporting;

/// <summary>Reads what <c>perf script</c> writes of a recorded .NET process: a line a sample, then a line a function from the innermost out, then an empty line.</summary>
public static partial class PerfScript
{
    /// <summary>Functions of the kernel.</summary>
    public const string Kernel = "kernel";

    /// <summary>Functions of the runtime and of system libraries.</summary>
    public const string Runtime = "runtime, libc";

    /// <summary>Functions of .NET's base libraries.</summary>
    public const string Libraries = ".NET libraries";

    /// <summary>Functions of the web server.</summary>
    public const string Server = "ASP.NET, Kestrel";

    /// <summary>Functions of the proxy.</summary>
    public const string Proxy = "s3proxy";

    /// <summary>Adds up all samples below a root, the thread's name outermost.</summary>
    public static FlameNode Read(TextReader script)
    {
        ArgumentNullException.ThrowIfNull(script);
        FlameNode root = new("all", Runtime);
        List<(string Name, string Room)> stack = [];
        string? thread = null;
        while (script.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                Add(root, thread, stack);
                thread = null;
                stack.Clear();
            }
            else if (char.IsWhiteSpace(line[0]) && Frame().Match(line) is { Success: true } frame)
            {
                stack.Add(FunctionOf(frame.Groups["symbol"].Value, frame.Groups["module"].Value));
            }
            else if (Header().Match(line) is { Success: true } header)
            {
                thread = header.Groups["thread"].Value;
            }
        }

        Add(root, thread, stack);
        return root;
    }

    private static void Add(FlameNode root, string? thread, List<(string Name, string Room)> stack)
    {
        if (thread is not null)
        {
            root.Add([(thread, Runtime), .. Enumerable.Reverse(stack)], 1);
        }
    }

    /// <summary>
    /// A compiled method is written as <c>instance RESULT [ASSEMBLY] NAMESPACE.TYPE::METHOD(ARGUMENTS)[TIER]</c>; of it TYPE.METHOD is kept, and of a state machine the method that it was made from.
    /// </summary>
    private static (string Name, string Room) FunctionOf(string symbol, string module)
    {
        if (Method().Match(symbol) is { Success: true } method)
        {
            string type = method.Groups["type"].Value;
            string name = StateMachine().Match(type) is { Success: true } machine
                ? $"{Short(type[..machine.Index])}.{machine.Groups["method"].Value}"
                : $"{Short(type)}.{method.Groups["method"].Value}";
            return (name, RoomOf(method.Groups["assembly"].Value));
        }

        string function = symbol is "[unknown]" ? Path.GetFileName(module) : symbol;
        return (function, module.Contains("kernel", StringComparison.Ordinal) ? Kernel : Runtime);
    }

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string RoomOf(string assembly) =>
        assembly.StartsWith("S3Proxy", StringComparison.Ordinal) ? Proxy : assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) ? Server : Libraries;

    [GeneratedRegex(@"^(?<thread>\S.*?)\s+\d+(/\d+)?\s+(\[\d+\]\s+)?[\d.]+:")]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+[0-9a-f]+ (?<symbol>.+?)(\+0x[0-9a-f]+)? \((?<module>[^()]*)\)$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\[(?<assembly>[\w.]+)\] (?<type>[\w.+`<>|]+)(\[[^:]*)?::(?<method>[\w.<>|]+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\+<(?<method>\w+)>d__\d+(`\d+)?$")]
    private static partial Regex StateMachine();
}

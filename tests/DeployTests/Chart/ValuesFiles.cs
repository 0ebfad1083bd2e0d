namespace S3Proxy.DeployTests.Chart;

/// <summary>The values files of the chart, one test each.</summary>
public sealed class ValuesFiles : TheoryData<string>
{
    public ValuesFiles()
    {
        foreach (string file in Helm.ValuesFiles)
        {
            Add(file);
        }
    }
}

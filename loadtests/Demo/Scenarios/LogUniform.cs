namespace S3Proxy.Demo.Scenarios;

/// <summary>Sizes of which each order of magnitude is equally likely, as those of real objects roughly are.</summary>
internal static class LogUniform
{
    /// <summary>A value between both bounds, inclusive.</summary>
    public static int Next(Random random, int smallest, int largest)
    {
        double exponent = Math.Log(smallest) + (random.NextDouble() * Math.Log((double)largest / smallest));
        return Math.Clamp((int)Math.Exp(exponent), smallest, largest);
    }
}

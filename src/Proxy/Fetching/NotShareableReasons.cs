namespace S3Proxy.Fetching;

/// <summary>What follows from each reason.</summary>
internal static class NotShareableReasons
{
    /// <summary>True when the next answer for the object will probably be no better: reads of it stop waiting for one another for a while (requirement F8).</summary>
    public static bool WillHoldAgain(this NotShareableReason reason) => reason is not (NotShareableReason.LargeError or NotShareableReason.OutOfMemory or NotShareableReason.AsSigned);

    /// <summary>True when only readers whose rule honours the origin are concerned.</summary>
    public static bool IsTheOriginsWish(this NotShareableReason reason) => reason is NotShareableReason.NoStore or NotShareableReason.Private;

    /// <summary>
    /// True when the answer is still right for one reader without headers of its own. What varies with the request or carries a cookie was made for the proxy's
    /// request and for nobody's else.
    /// </summary>
    public static bool SuitsOneReader(this NotShareableReason reason) =>
        reason is NotShareableReason.NoStrongETag or NotShareableReason.NoLength or NotShareableReason.NoStore or NotShareableReason.Private;
}

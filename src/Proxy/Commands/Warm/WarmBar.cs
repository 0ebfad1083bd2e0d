using S3Proxy.Commands.Printing;
using Spectre.Console;

namespace S3Proxy.Commands.Warm;

/// <summary>A bar that tells how far a warm-up has come, on a terminal; nothing elsewhere.</summary>
internal static class WarmBar
{
    /// <summary>Runs <paramref name="follow"/> under a bar, which is gone when it ends.</summary>
    public static Task<WarmLook> ShowAsync(Screen screen, TimeProvider time, Func<Action<WarmLook>, Task<WarmLook>> follow)
    {
        if (!screen.IsMoving)
        {
            return follow(static _ => { });
        }

        long began = time.GetTimestamp();
        return screen.Console.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(progress =>
            {
                ProgressTask bar = progress.AddTask("waiting", maxValue: 1);
                return follow(look =>
                {
                    bar.IsIndeterminate = look.Found == 0;
                    bar.MaxValue = Math.Max(look.Found, 1);
                    bar.Value = look.Done;
                    bar.Description = Markup.Escape(Describe(look, time.GetElapsedTime(began)));
                });
            });
    }

    private static string Describe(WarmLook look, TimeSpan elapsed)
    {
        string found = Figures.Count(look.Found) + (look.IsListed ? "" : " or more");
        string failed = look.Failed == 0 ? "" : $", {Figures.Count(look.Failed)} failed";
        return $"{Figures.Count(look.Done)} of {found} objects, {Figures.Bytes(look.LoadedBytes)}, {Figures.Rate(look.LoadedBytes, elapsed)}{failed}";
    }
}

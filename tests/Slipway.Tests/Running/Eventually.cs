namespace Slipway.Tests.Running;

/// <summary>Waits for something that another process brings about, and says what it saw last when it does not come.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<(bool Holds, string Seen)>> look, TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = "";
        try
        {
            do
            {
                (var holds, seen) = await look();
                if (holds) return;
            }
            while (await timer.WaitForNextTickAsync(patience.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {within.TotalSeconds} s. Last seen: {seen}");
        }
    }
}

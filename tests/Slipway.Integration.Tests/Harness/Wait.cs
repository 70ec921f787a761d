namespace Slipway.Integration.Tests.Harness;

/// <summary>Waits for what a cluster does in its own time.</summary>
internal static class Wait
{
    // Everything here takes well under a second; the rest is for machines that do ten other things.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<Task<bool>> holds, string what, Func<string>? now = null, TimeSpan? patience = null)
    {
        using var late = new CancellationTokenSource(patience ?? s_patience);
        while (!await holds())
        {
            if (late.IsCancellationRequested) Assert.Fail($"Waited {(patience ?? s_patience).TotalSeconds} s for {what}{(now is null ? "" : $"; now: {now()}")}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}

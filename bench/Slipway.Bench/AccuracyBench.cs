using Slipway.Models.Tests;
using Slipway.Testing;

namespace Slipway.Bench;

/// <summary>How far estimates are from what was measured: bench/results/accuracy.md, and the tables of docs/estimates.md.</summary>
internal static class AccuracyBench
{
    public static async Task<int> RunAsync()
    {
        var path = Path.Combine(Repository.Root, "docs", "estimates.md");
        await File.WriteAllTextAsync(path, AccuracyTables.Into(await File.ReadAllTextAsync(path)));
        await Report.WriteAsync(
            "accuracy",
            ["Memory without cache (GiB a device), peaks on people's own machines (GB), and seconds between tokens, estimated and measured; docs/estimates.md says of which rows.", .. AccuracyTables.All().SelectMany(static t => (string[])["", $"## {t.Key}", "", .. t.Value])]);
        return 0;
    }
}

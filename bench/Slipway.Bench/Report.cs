using System.Runtime.InteropServices;

namespace Slipway.Bench;

/// <summary>Prints a report and keeps it in bench/results.</summary>
internal static class Report
{
    public static async Task WriteAsync(string name, IEnumerable<string> lines)
    {
        var text = string.Join('\n',
            [
                $"# {name}", "",
                $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
                    + $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}. Other machines give other numbers; compare within one run.",
                "", .. lines, "",
            ]);
        await Console.Out.WriteAsync(text);
        Directory.CreateDirectory("bench/results");
        await File.WriteAllTextAsync($"bench/results/{name}.md", text);
    }
}

using System.CommandLine;
using Slipway.Runtimes;

namespace Slipway.Commands;

/// <summary>`--runtimes`: which of the runtimes for clusters are meant.</summary>
internal static class RuntimeOption
{
    private static readonly IReadOnlyList<IRuntime> s_all = ClusterRuntimes.All();

    public static Option<string?> Create()
    {
        var option = new Option<string?>("--runtimes") { Description = $"The runtimes to drive, with commas between (default: {string.Join(",", Names)})", HelpName = "NAMES" };
        option.Validators.Add(result =>
        {
            var unknown = Split(result.GetValueOrDefault<string?>()).Except(Names).ToList();
            if (unknown.Count > 0) result.AddError($"There is no runtime {string.Join(" or ", unknown)}. There are: {string.Join(", ", Names)}.");
        });
        return option;
    }

    public static IReadOnlyList<IRuntime> Parse(string? text) => Split(text) is { Length: > 0 } names ? [.. s_all.Where(r => names.Contains(r.Descriptor.Name))] : s_all;

    private static IEnumerable<string> Names => s_all.Select(r => r.Descriptor.Name);

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

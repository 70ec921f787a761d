using System.Text;
using System.Text.RegularExpressions;
using Slipway.Conformance.Tests.Harness;
using Slipway.Testing;

namespace Slipway.Conformance.Tests.Kubectl;

/// <summary>A long sitting with kubectl, each step's output compared with that of a real cluster (<c>steps.txt</c>).</summary>
[Trait("Speed", "slow")]
public sealed class ScriptTests(TestServer server)
{
    [Fact]
    public async Task The_installed_kubectl_prints_what_it_prints_against_a_real_cluster() => await RunAsync(await Tools.KubectlAsync());

    [Fact]
    public async Task The_newest_kubectl_prints_what_it_prints_against_a_real_cluster() => await RunAsync(await Tools.NewestKubectlAsync());

    private async Task RunAsync(Tool tool)
    {
        var ns = await server.NamespaceAsync();
        var folder = Directory.CreateTempSubdirectory("slipway-steps-").FullName;
        try
        {
            foreach (var (name, text) in Files()) await File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
            var kubectl = new Harness.Kubectl(server.Kubeconfig, Path.Combine(folder, "cache"), ns, tool) { Folder = folder };
            await TestServer.EventuallyAsync(async () => (await kubectl.TryAsync("get serviceaccount default")).Code == 0, "the namespace has its service account");
            var wrong = new StringBuilder();
            var count = 0;
            foreach (var (command, expected) in Steps())
            {
                var (code, output, error) = await kubectl.TryAsync(command.Replace("NS", ns, StringComparison.Ordinal));
                var got = Lines((code == 0 ? "" : $"? {code}\n") + output + error, ns);
                count++;
                if (!Matches(expected, got)) wrong.Append($"$ {command}\n--- expected\n{expected}\n--- got\n{got}\n\n");
            }

            Assert.True(count >= 60, $"{count} steps");
            Assert.True(wrong.Length == 0, wrong.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // An older kubectl says that it is old; that is not the server's doing.
    private const string Skew = "WARNING: version difference between client";

    private static IEnumerable<(string Command, string Expected)> Steps()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kubectl", "steps.txt"));
        foreach (var step in text.Split("\n$ ").Skip(1))
        {
            var end = step.IndexOf('\n', StringComparison.Ordinal);
            yield return (step[..end], step[(end + 1)..].Trim());
        }
    }

    private static string Lines(string text, string ns) => string.Join('\n', text.Replace(ns, "NS", StringComparison.Ordinal).Split('\n')
        .Select(l => string.Join(' ', l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))).Where(l => l.Length > 0 && !l.StartsWith(Skew, StringComparison.Ordinal)));

    private static bool Matches(string expected, string got)
    {
        var pattern = Regex.Escape(expected).Replace("<>", @"\S+", StringComparison.Ordinal)
            .Replace(@"\[\[", "(?:", StringComparison.Ordinal).Replace("]]", ")?", StringComparison.Ordinal)
            .Replace(@"\n\.\.\.\n", @"\n(?:.*\n)*", StringComparison.Ordinal).Replace(@"\n\.\.\.", @"(?:\n.*)*", StringComparison.Ordinal).Replace(@"\.\.\.", @".*(?:\n.*)*", StringComparison.Ordinal);
        return Regex.IsMatch(got, $@"\A{pattern}\z", RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static Dictionary<string, string> Files() => new(StringComparer.Ordinal)
    {
        ["map.yaml"] = Map("m", 1),
        ["map2.yaml"] = Map("m", 2),
        ["map3.yaml"] = Map("m3", 1),
        ["ssa.yaml"] = Map("ssa", 1),
        ["ssa2.yaml"] = Map("ssa", 2),
        ["bad.yaml"] = Map("bad", 1) + "dta: {}\n",
    };

    private static string Map(string name, int value) => $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  x: \"{value}\"\n";
}

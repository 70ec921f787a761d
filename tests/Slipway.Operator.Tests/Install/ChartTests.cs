using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Operator.Install;
using Slipway.Runtimes;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Install;

/// <summary>
/// The chart and the plain manifests are what `slipway install` says, with the chart's values in place of its options. To write them anew:
/// SLIPWAY_UPDATE=1 dotnet test.
/// </summary>
public sealed partial class ChartTests
{
    private static readonly string s_deploy = Path.Combine(Repository.Root, "deploy");
    private static readonly string s_chart = Path.Combine(s_deploy, "chart", "slipway");
    private static readonly bool s_update = Environment.GetEnvironmentVariable("SLIPWAY_UPDATE") == "1";

    public static TheoryData<string> Files => [.. Written().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_what_install_says(string file)
    {
        var path = Path.Combine(s_deploy, file);
        if (s_update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Written()[file]);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run once with SLIPWAY_UPDATE=1, and read what it wrote.");
        Assert.Equal(Written()[file], File.ReadAllText(path));
    }

    [Fact]
    public void No_file_is_left_over() => Assert.Equal(
        Written().Keys.Where(f => f.StartsWith("chart/", StringComparison.Ordinal)).Select(f => Path.Combine(s_deploy, f)).Append(Path.Combine(s_chart, "templates", "NOTES.txt")).Order(StringComparer.Ordinal),
        new[] { "templates", "crds", "dashboards" }.SelectMany(f => Directory.GetFiles(Path.Combine(s_chart, f))).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_value_has_a_default_and_every_default_is_a_value_of_a_template()
    {
        var templates = string.Concat(Directory.GetFiles(Path.Combine(s_chart, "templates")).Select(File.ReadAllText));
        var used = Value().Matches(templates).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Equal(Leaves(Values(), "").Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_defaults_are_those_of_install()
    {
        var (values, options) = (Values(), Options());
        Assert.Equal(options.Runtimes.Select(r => r.Descriptor.Name), values["runtimes"]!.AsArray().Select(r => (string?)r));
        Assert.Equal((int)options.Replicas, (long)values["replicas"]!);
        Assert.Equal(options.ImagePullPolicy, (string?)values["image"]!["pullPolicy"]);
        Assert.StartsWith((string)values["image"]!["repository"]!, options.Image, StringComparison.Ordinal);
        var container = Manifests.All(options).Single(o => (string?)o["kind"] == "Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.True(JsonNode.DeepEquals(container["resources"], values["resources"]));
        var version = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")), "<Version>(.*)</Version>").Groups[1].Value;
        Assert.Equal(version, (string?)Yaml.Read(Path.Combine(s_chart, "Chart.yaml")).Single()["appVersion"]);
    }

    private static InstallOptions Options() => new() { Runtimes = ClusterRuntimes.All() };

    private static JsonNode Values() => Yaml.Read(Path.Combine(s_chart, "values.yaml")).Single();

    private static SortedDictionary<string, string> Written()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["slipway.yaml"] = ChartTemplates.Plain(Manifests.All(Options())) };
        foreach (var definition in Manifests.Definitions()) files[$"chart/slipway/crds/{definition["metadata"]!["name"]}.yaml"] = ChartTemplates.Plain([definition]);
        files["chart/slipway/dashboards/slipway.json"] = File.ReadAllText(Path.Combine(s_deploy, "dashboards", "slipway.json"));
        foreach (var (name, text) in ChartTemplates.All()) files[$"chart/slipway/templates/{name}"] = text;
        return files;
    }

    private static IEnumerable<string> Leaves(JsonNode? node, string at) => node is JsonObject { Count: > 0 } map && at != "resources"
        ? map.SelectMany(p => Leaves(p.Value, at.Length == 0 ? p.Key : $"{at}.{p.Key}"))
        : [at];

    [GeneratedRegex(@"\.Values\.([A-Za-z.]+)")]
    private static partial Regex Value();
}

using System.IO.Compression;
using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments;
using Slipway.Testing;
using Slipway.Web.Deploy;
using Slipway.Web.Manifests;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deploy;

/// <summary>A deployment as repositories keep it.</summary>
public sealed partial class RepositoryTests
{
    private static readonly ModelDeployment s_deployment = Given.Ready("tiny") with
    {
        Metadata = new() { Name = "tiny", Namespace = "team-a", Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["note"] = "yes" } },
        Spec = new() { Model = new() { Id = "org/tiny" }, Scaling = new() { Replicas = 2 }, Engine = new() { Args = new Dictionary<string, string>(StringComparer.Ordinal) { ["version"] = "1.0" } } },
    };

    [Fact]
    public async Task Kubectl_builds_the_folder_to_the_manifest_with_labels()
    {
        using var folder = new TempDirectory();
        using (var zip = new ZipArchive(new MemoryStream(Kustomization.Zip(s_deployment, DateTimeOffset.UnixEpoch.AddYears(30)))))
        {
            Assert.Equal(["tiny/kustomization.yaml", "tiny/tiny.yaml"], zip.Entries.Select(static e => e.FullName));
            await zip.ExtractToDirectoryAsync(folder.Path, TestContext.Current.CancellationToken);
        }

        var built = await (await Tools.KubectlAsync()).RunAsync(["kustomize", Path.Combine(folder.Path, "tiny")], TestContext.Current.CancellationToken);
        Assert.True(built.Succeeded, built.LastWords());
        var reading = Manifest.Read(built.Output);
        Assert.Empty(reading.Errors);
        Assert.Equal(("tiny", "team-a", "org/tiny", "1.0"), (reading.Deployment!.Metadata.Name, reading.Deployment.Metadata.Namespace, reading.Deployment.Spec.Model.Id, reading.Deployment.Spec.Engine!.Args!["version"]));
        Assert.Equal("tiny", reading.Deployment.Metadata.Labels!["app.kubernetes.io/name"]);
    }

    [Fact]
    public void Values_have_what_the_chart_renders()
    {
        var model = Yaml.Parse(HelmValues.Of(s_deployment)).Single()["models"]!["tiny"]!.AsObject();
        Assert.Equal("org/tiny", (string?)model["spec"]!["model"]!["id"]);
        Assert.Equal("team-a", (string?)model["namespace"]);
        Assert.Contains("version: \"1.0\"", HelmValues.Of(s_deployment), StringComparison.Ordinal);
        var chart = Path.Combine(Tools.RepositoryRoot, "deploy", "chart", "slipway-models");
        var template = File.ReadAllText(Path.Combine(chart, "templates", "models.yaml"));
        var rendered = Field().Matches(template).Select(static m => m.Groups[1].Value).Distinct().ToArray();
        Assert.Equal(["annotations", "labels", "namespace", "spec"], rendered.Order(StringComparer.Ordinal));
        Assert.Subset(rendered.ToHashSet(), model.Select(static p => p.Key).ToHashSet());
        Assert.Contains($"apiVersion: {ModelDeployment.GroupVersion}\nkind: ModelDeployment\n", template, StringComparison.Ordinal);
        Assert.Equal(["models"], Yaml.Read(Path.Combine(chart, "values.yaml")).Single().AsObject().Select(static p => p.Key));
        Assert.Equal(Regex.Count(template, @"\{\{-? (?:range|with|if) "), Regex.Count(template, @"\{\{-? end \}\}"));
        Assert.Equal((string?)Yaml.Read(Path.Combine(chart, "..", "slipway", "Chart.yaml")).Single()["appVersion"], (string?)Yaml.Read(Path.Combine(chart, "Chart.yaml")).Single()["appVersion"]);
    }

    [GeneratedRegex(@"\$model\.([a-z]+)")]
    private static partial Regex Field();
}

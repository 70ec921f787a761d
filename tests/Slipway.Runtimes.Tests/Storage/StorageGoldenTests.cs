using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Storage;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Runtimes.Vllm;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Storage;

public sealed class StorageGoldenTests(UpstreamCluster cluster)
{
    private const string Folder = "Storage";

    public static TheoryData<string> Cases => Golden.Cases(Folder);

    public static TheoryData<string> Stages => Golden.StatusCases(Folder);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Volumes_render_to_claims_and_a_download_that_a_cluster_takes(string name)
    {
        var deployment = Golden.Deployment(Folder, name);
        List<JsonObject> objects = [.. Volumes(deployment).Where(v => v.Size is not null).Select(v => ManagedClaim.Render(deployment, v))];
        if (ModelDownload.Target(deployment) is { } target && ModelDownload.Image(new VllmRuntime().Render(deployment, UpstreamCluster.Apis), target.Name) is { } image)
            objects.Add(ModelDownload.Render(deployment, target, image, target.AccessMode is VolumeAccessMode.ReadWriteOnce));
        await cluster.TakesAsync(objects);
        // The script is a file of its own; here it would stand in every one.
        foreach (var job in objects.Where(o => o["spec"]!["template"] is not null)) job["spec"]!["template"]!["spec"]!["containers"]![0]!["command"]![2] = "download.py";
        Golden.Same(Path.Combine(Golden.Folder(Folder), $"{name}.rendered.yaml"), Yaml.Write(objects));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_is_read(string name)
    {
        var path = Path.Combine(Golden.Folder(Folder), "status", $"{name}.yaml");
        var documents = Yaml.Read(path);
        var deployment = Golden.Read(documents[0]);
        var claims = documents.Where(d => (string?)d["kind"] == "PersistentVolumeClaim").Select(d => d.Deserialize(ClaimJson.Default.VolumeClaim)!).ToImmutableDictionary(c => c.Metadata.Name!);
        var read = Volumes(deployment).Select(v => ClaimReader.Read(deployment, v, claims.GetValueOrDefault(PodParts.ClaimName(deployment, v)))).ToList();
        var sum = ClaimReader.Sum(read, [.. claims.Keys.Except(Volumes(deployment).Select(v => PodParts.ClaimName(deployment, v)))]);
        var result = new JsonObject { ["storage"] = $"{sum.Ready} {sum.Reason}: {sum.Message}", ["holds"] = sum.Holds, ["apply"] = read.Any(r => r.Apply) };
        if (ModelDownload.Target(deployment) is { } target)
        {
            var observed = Golden.Observe(documents.Skip(1));
            var name2 = ModelDownload.Name(deployment, target);
            var job = observed.Objects.Where(o => o.Key.Kind == "Job").Select(o => (JsonElement?)o.Value).FirstOrDefault();
            // In the files the Job is called `job`: its name is a hash.
            var pods = observed.Pods.Select(p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string> { ["batch.kubernetes.io/job-name"] = name2 } } });
            var state = DownloadReader.Read(deployment.Spec.Model, name2, job, pods);
            (result["download"], result["failed"]) = ($"{state.AtHand} {state.Reason}: {state.Message}", state.Failed);
        }

        Golden.Same(Path.ChangeExtension(path, ".state.yaml"), Yaml.Write(result));
    }

    [Fact]
    public void There_are_cases_enough() => Assert.True(Cases.Count >= 10 && Stages.Count >= 15, $"{Cases.Count} cases, {Stages.Count} stages");

    private static IEnumerable<StorageVolume> Volumes(ModelDeployment deployment) => (deployment.Spec.Model.Storage?.Volumes ?? []).Where(v => v.Image is null);
}

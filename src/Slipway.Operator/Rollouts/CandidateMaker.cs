using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts;

/// <summary>Makes the candidate's ModelDeployment from the deployment as it is and what is different. Pure.</summary>
internal static class CandidateMaker
{
    // Services and pods are named after it and add to it.
    private const int LongestName = 45;

    /// <summary>The candidate's name: the same for one rollout as long as what is different is the same.</summary>
    public static string Name(ModelRollout rollout) => Name(rollout, "");

    /// <summary>The name of the control replica beside the candidate.</summary>
    public static string ControlName(ModelRollout rollout) => Name(rollout, "-control");

    private static string Name(ModelRollout rollout, string suffix)
    {
        var longest = LongestName - suffix.Length;
        var digest = CanonicalJson.Digest(new JsonArray((JsonNode)(rollout.Metadata.Uid ?? ""), (JsonNode)Digest(rollout.Spec.Candidate)))["sha256:".Length..];
        var stable = rollout.Spec.DeploymentRef.Name;
        return $"{(stable.Length > longest ? stable[..longest].TrimEnd('-') : stable)}-{digest[..8]}{suffix}";
    }

    /// <summary>The digest of what is different.</summary>
    public static string Digest(JsonElement candidate) => CanonicalJson.Digest(JsonNode.Parse(candidate.GetRawText()));

    /// <summary>The digest of what decides how a deployment answers: its spec without how many replicas it has and by which name it is reached.</summary>
    public static string Digest(ModelDeployment deployment)
    {
        var spec = Spec(deployment);
        spec.Remove("scaling");
        spec.Remove("gateway");
        return CanonicalJson.Digest(spec);
    }

    /// <summary>Makes it.</summary>
    /// <returns>The candidate; or what is wrong with it.</returns>
    public static (ModelDeployment? Candidate, string? Problem) Make(ModelRollout rollout, ModelDeployment stable)
    {
        var name = Name(rollout);
        var spec = Merge(Spec(stable), JsonNode.Parse(rollout.Spec.Candidate.GetRawText()))!.AsObject();
        // Requests name the model as ever, and an engine may know no other name.
        if (spec["model"] is JsonObject model && model["servedName"] is null) model["servedName"] = ServedModel.Name(stable);
        var gateway = spec["gateway"] as JsonObject ?? [];
        gateway.Remove("httpRouteRef");
        gateway.Remove("poolRef");
        gateway["modelName"] = name;
        spec["gateway"] = gateway;
        ModelDeploymentSpec read;
        try
        {
            read = spec.Deserialize(SlipwayJson.Default.ModelDeploymentSpec)!;
        }
        catch (JsonException wrong)
        {
            return (null, $"spec.candidate makes no ModelDeployment: {wrong.Message}");
        }

        var candidate = new ModelDeployment
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = rollout.Metadata.Namespace,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [ModelRollout.Label] = rollout.Metadata.Name! },
            },
            Spec = read,
        };
        return ModelDeploymentValidator.Validate(candidate) is [var error, ..] ? (null, $"spec.candidate makes no ModelDeployment that can run: {error.Path} {error.Message}") : (candidate, null);
    }

    /// <summary>Makes the control replica: the deployment as it is, reached by no name of its own.</summary>
    public static ModelDeployment Control(ModelRollout rollout, ModelDeployment stable, int replicas)
    {
        var name = ControlName(rollout);
        return new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = name, Namespace = rollout.Metadata.Namespace, Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [ModelRollout.Label] = rollout.Metadata.Name! } },
            Spec = stable.Spec with
            {
                Model = stable.Spec.Model with { ServedName = stable.Spec.Model.ServedName ?? ServedModel.Name(stable) },
                Gateway = (stable.Spec.Gateway ?? new GatewaySpec()) with { HttpRouteRef = null, PoolRef = null, ModelName = name },
                Scaling = (stable.Spec.Scaling ?? new ScalingSpec()) with { Replicas = replicas },
            },
        };
    }

    private static JsonObject Spec(ModelDeployment deployment) => JsonSerializer.SerializeToNode(deployment.Spec, SlipwayJson.Default.ModelDeploymentSpec)!.AsObject();

    // RFC 7386.
    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var merged = target as JsonObject is { } map ? map.DeepClone().AsObject() : [];
        foreach (var (key, value) in changes)
        {
            if (value is null) merged.Remove(key);
            else merged[key] = Merge(merged[key], value);
        }

        return merged;
    }
}

using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Routing;

namespace Slipway.Runtimes.LlmD;

/// <summary>The fields of a deployment that llm-d's objects do not honour.</summary>
internal static class LlmDFields
{
    public static IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        var roles = LlmDRoles.Of(deployment);
        var split = LlmDRoles.Split(deployment);
        var fields = new List<UnsupportedField>(ServerNames.Check(deployment, roles, EndpointPicker.Part));
        fields.AddRange(ServerFields.Unsupported(deployment, roles, Overridable(roles[0]), split ? ["kv-transfer-config"] : []));
        if (spec.Engine?.Type is not EngineType.Vllm) fields.Add(ServerFields.Refuse("spec.engine.type", "must be vllm for this runtime"));
        fields.AddRange(split ? Split(spec, roles) : Aggregated(spec));
        return fields;
    }

    /// <summary>Where overrides may reach in the main object and the endpoint picker.</summary>
    public static IReadOnlyList<string> Overridable(ServerRole main) =>
        [.. main.SpansNodes ? ServerWorkload.LeaderWorkerSetOverrides : ServerWorkload.DeploymentOverrides, .. PickerConfig.Overridable];

    private static IEnumerable<UnsupportedField> Aggregated(ModelDeploymentSpec spec)
    {
        if (spec.Scaling is { Prefill: not null } or { Decode: not null })
            yield return ServerFields.Ignore("spec.scaling.prefill/decode", "count only in disaggregated mode");
    }

    private static IEnumerable<UnsupportedField> Split(ModelDeploymentSpec spec, IReadOnlyList<ServerRole> roles)
    {
        const string instead = "is for aggregated serving: say it in spec.scaling.prefill and spec.scaling.decode";
        if (spec.Scaling?.Prefill is null || spec.Scaling.Decode is null)
            yield return ServerFields.Refuse("spec.serving.mode", "needs spec.scaling.prefill and spec.scaling.decode to be disaggregated");
        if (spec.Scaling?.Autoscaling is not null)
            yield return ServerFields.Refuse("spec.scaling.autoscaling", "is for aggregated serving: prefill and decode have replicas of their own");
        if (spec.Resources?.Accelerators is not null) yield return ServerFields.Refuse("spec.resources.accelerators", instead);
        if (spec.Resources?.Gpu is not null) yield return ServerFields.Ignore("spec.resources.gpu", instead);
        if (spec.Resources?.Nodes is > 1) yield return ServerFields.Refuse("spec.resources.nodes", instead);
        if (spec.Resources?.Memory is not null) yield return ServerFields.Ignore("spec.resources.memory", instead);
        if (spec.Resources?.Cpu is not null) yield return ServerFields.Ignore("spec.resources.cpu", "is for aggregated serving: prefill and decode take what their nodes have");
        if (spec.Scaling?.Replicas is not (null or 1)) yield return ServerFields.Ignore("spec.scaling.replicas", instead);
        foreach (var field in roles.SelectMany(r => Divides(spec.Parallelism, r))) yield return field;
    }

    private static IEnumerable<UnsupportedField> Divides(ParallelismSpec? asked, ServerRole role)
    {
        if (asked is null || role.Accelerators == 0) yield break;
        if (asked.Pipeline is > 1)
        {
            yield return ServerFields.Refuse("spec.parallelism.pipeline", "must be 1 in disaggregated mode: NIXL hands over all layers of a request between two engines. Use tensor or data parallelism");
            yield break;
        }

        var divided = Parallelism.Of(asked with { Pipeline = 1 }, role.Gpu?.Count ?? 0, role.Nodes);
        if ((long)divided.Tensor * divided.Data == role.Accelerators) yield break;
        yield return ServerFields.Refuse(
            "spec.parallelism", $"tensor x data is {(long)divided.Tensor * divided.Data}, but a replica for {role.Title} has {role.Accelerators} accelerators: leave out tensor, which then follows from them");
    }
}

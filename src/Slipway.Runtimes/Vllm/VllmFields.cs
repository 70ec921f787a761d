using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.ModelServers;

namespace Slipway.Runtimes.Vllm;

/// <summary>The fields of a deployment that a plain model server does not honour.</summary>
internal static class VllmFields
{
    public static IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        var role = VllmRuntime.Role(deployment);
        var fields = new List<UnsupportedField>(ServerNames.Check(deployment, [role]));
        fields.AddRange(ServerFields.Unsupported(deployment, [role], role.SpansNodes ? ServerWorkload.LeaderWorkerSetOverrides : ServerWorkload.DeploymentOverrides));
        if (spec.Engine?.Type is not (EngineType.Vllm or EngineType.SgLang))
            fields.Add(ServerFields.Refuse("spec.engine.type", "must be vllm or sglang for this runtime"));
        if (spec.Serving?.Mode is ServingMode.Disaggregated)
            fields.Add(ServerFields.Refuse("spec.serving.mode", "cannot be disaggregated here, where nothing routes between prefill and decode: use llmd or dynamo"));
        if (spec.Scaling is { Prefill: not null } or { Decode: not null })
            fields.Add(ServerFields.Ignore("spec.scaling.prefill/decode", "count only in disaggregated mode"));
        // SGLang's own rule: data parallelism over nodes only of the attention alone (server_args).
        if (spec.Engine?.Type is EngineType.SgLang && role.SpansNodes && spec.Parallelism?.Data is > 1)
            fields.Add(ServerFields.Refuse("spec.parallelism.data", "is no way for SGLang to span nodes: use tensor or pipeline, more replicas, or vllm"));
        return fields;
    }
}

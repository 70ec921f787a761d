using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>Deployments: a rolling update unless told otherwise.</summary>
internal sealed class DeploymentStrategy() : WorkloadStrategy("ReplicaSet", "deployment")
{
    public override void Default(JsonMap value)
    {
        var strategy = value.Ensure("spec").Ensure("strategy");
        strategy.TryAdd("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.TryAdd("maxUnavailable", "25%");
            rolling.TryAdd("maxSurge", "25%");
        }

        base.Default(value);
    }

    protected override void Check(Spot spec)
    {
        spec.NotNegative("revisionHistoryLimit");
        if (spec.Map("strategy") is { } strategy) Strategy(strategy);
        if (spec.Number("progressDeadlineSeconds") is not { } deadline) return;
        spec.NotNegative("progressDeadlineSeconds");
        if (deadline <= (spec.Number("minReadySeconds") ?? 0)) spec.Invalid("progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }

    private static void Strategy(Spot strategy)
    {
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (strategy.Has("rollingUpdate")) strategy.Forbidden("rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "RollingUpdate" when strategy.Map("rollingUpdate") is { } rolling:
                Shares.Check(rolling, "maxUnavailable", partOfAll: true);
                Shares.Check(rolling, "maxSurge", partOfAll: false);
                if (Shares.IsZero(rolling.Value.At("maxUnavailable")) && Shares.IsZero(rolling.Value.At("maxSurge")))
                    rolling.Invalid("maxUnavailable", rolling.Value.At("maxUnavailable"), "may not be 0 when `maxSurge` is 0");
                break;
            case not "RollingUpdate":
                strategy.Errors.Add(FieldError.NotSupported(strategy.Path, Shown(strategy), ["Recreate", "RollingUpdate"]));
                break;
        }
    }
}

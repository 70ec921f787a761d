using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Pods;

/// <summary>What a PodDisruptionBudget says about taking one more of its pods away.</summary>
internal sealed class DisruptionBudget(JsonMap value)
{
    private const int MaxDisrupted = 2000;

    private readonly JsonMap _status = value.Map("status") ?? new JsonMap();

    private string Name => value.Text("metadata", "name") ?? "";

    /// <summary>Gets whether pods that are not ready may go without being counted.</summary>
    public bool SparesNot => value.Map("spec")?.Text("unhealthyPodEvictionPolicy") == "AlwaysAllow" ||
        (Number("currentHealthy") >= Number("desiredHealthy") && Number("desiredHealthy") > 0);

    /// <summary>Gets why no pod may go now, or <see langword="null"/>.</summary>
    public ApiException? Refusal()
    {
        if (Number("observedGeneration") < (value.Map("metadata")?.At("generation") as long? ?? 0))
            return TooMany($"The disruption budget {Name} is still being processed by the server.", 10);
        if (Number("disruptionsAllowed") < 0) return Forbidden("pdb disruptions allowed is negative");
        if (_status.Map("disruptedPods") is { Count: > MaxDisrupted }) return Forbidden("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        return Number("disruptionsAllowed") > 0 ? null : TooMany(Reason(), 0);
    }

    /// <summary>Counts a pod that is about to go.</summary>
    public void Take(string pod, DateTimeOffset now)
    {
        var status = value.Ensure("status");
        status["disruptionsAllowed"] = Number("disruptionsAllowed") - 1;
        status.Ensure("disruptedPods")[pod] = MetadataRules.Time(now);
    }

    private string Reason()
    {
        var condition = _status.List("conditions")?.Maps().FirstOrDefault(c => c.Text("type") == "DisruptionAllowed");
        var said = condition?.Text("status") == "False" && condition.Text("message") is { Length: > 0 } message ? message : null;
        if (said is not null && condition!.Text("reason") == "SyncFailed")
            return $"The disruption budget {Name} does not allow evicting pods currently because it failed sync: {said}";
        if (Number("currentHealthy") <= Number("desiredHealthy"))
            return string.Create(CultureInfo.InvariantCulture, $"The disruption budget {Name} needs {Number("desiredHealthy")} healthy pods and has {Number("currentHealthy")} currently");
        return said is null ? $"The disruption budget {Name} does not allow evicting pods currently"
            : $"The disruption budget {Name} does not allow evicting pods currently ({condition!.Text("reason")}): {said}";
    }

    private long Number(string member) => _status.At(member) as long? ?? 0;

    private ApiException Forbidden(string why) => new(403, "Forbidden", $"poddisruptionbudget.policy \"{Name}\" is forbidden: {why}",
        new JsonMap { ["name"] = Name, ["group"] = "policy", ["kind"] = "poddisruptionbudget" });

    private static ApiException TooMany(string cause, long seconds)
    {
        var details = new JsonMap { ["causes"] = new JsonList { new JsonMap { ["reason"] = "DisruptionBudget", ["message"] = cause } } };
        if (seconds > 0) details["retryAfterSeconds"] = seconds;
        return new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
    }
}

using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Pods;

/// <summary>The conditions in a pod's status.</summary>
internal static class PodConditions
{
    public static bool IsTrue(JsonMap pod, string type) =>
        pod.Map("status")?.List("conditions")?.Maps().Any(c => c.Text("type") == type && c.Text("status") == "True") == true;

    public static void SetTrue(JsonMap pod, string type, DateTimeOffset now, string? reason = null, string? message = null)
    {
        var status = pod.Ensure("status");
        var conditions = status.List("conditions") ?? new JsonList();
        status["conditions"] = conditions;
        var condition = conditions.Maps().FirstOrDefault(c => c.Text("type") == type);
        if (condition is null) conditions.Add(condition = new JsonMap { ["type"] = type });
        if (condition.Text("status") != "True") condition["lastTransitionTime"] = MetadataRules.Time(now);
        condition["status"] = "True";
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
    }
}

using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>Access, scheduling, devices and admission.</summary>
internal static class ClusterColumns
{
    public static IReadOnlyList<PrinterColumn>? For(string kind) => kind switch
    {
        "RoleBinding" or "ClusterRoleBinding" =>
        [
            Columns.Name, Cell("Role", "string", o => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"), Columns.Age,
            Cell("Users", "string", o => Subjects(o, "User"), 1), Cell("Groups", "string", o => Subjects(o, "Group"), 1), Cell("ServiceAccounts", "string", o => Subjects(o, "ServiceAccount"), 1),
        ],
        "PriorityClass" => [Columns.Name, Number("Value", "value"), Flag("Global-Default", "globalDefault"), Columns.Age, Text("PreemptionPolicy", "preemptionPolicy")],
        "PodGroup" =>
        [
            Columns.Name, Cell("Policy", "string", o => o.Map("spec", "schedulingPolicy")?.ContainsKey("gang") == true ? "Gang" : "Basic"),
            Text("Workload", "spec.podGroupTemplateRef.workload.workloadName", "<none>"), Cell("Status", "string", Scheduled), Columns.Age,
        ],
        "ResourceClaim" => [Columns.Name, Cell("State", "string", Claimed), Columns.Age],
        "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" =>
            [Columns.Name, Cell("Webhooks", "integer", o => (long)(o.List("webhooks")?.Count ?? 0)), Columns.Age],
        "ValidatingAdmissionPolicy" =>
        [
            Columns.Name, Cell("Validations", "integer", o => (long)(o.Map("spec")?.List("validations")?.Count ?? 0)),
            Cell("ParamKind", "string", o => o.Map("spec", "paramKind") is { } kind ? $"{kind.Text("apiVersion")}/{kind.Text("kind")}" : "<unset>"), Columns.Age,
        ],
        "ValidatingAdmissionPolicyBinding" =>
        [
            Columns.Name, Text("PolicyName", "spec.policyName"),
            Cell("ParamRef", "string", o => o.Map("spec", "paramRef")?.Text("name") is { Length: > 0 } name
                ? $"{(o.Map("spec", "paramRef")!.Text("namespace") is { Length: > 0 } ns ? ns : "*")}/{name}" : "<unset>"), Columns.Age,
        ],
        _ => null,
    };

    private static string Subjects(JsonMap o, string kind) => string.Join(", ", o.List("subjects")?.Maps().Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")) ?? []);

    private static string Scheduled(JsonMap o)
    {
        JsonMap? Condition(string type) => o.Map("status")?.List("conditions")?.Maps().LastOrDefault(c => c.Text("type") == type);
        if (Condition("DisruptionTarget") is { } disrupted) return disrupted.Text("reason") ?? "";
        return Condition("PodGroupScheduled") is { } scheduled ? scheduled.Text("status") == "True" ? "Scheduled" : "Unschedulable" : "Pending";
    }

    private static string Claimed(JsonMap o)
    {
        var deleted = o.Text("metadata", "deletionTimestamp") is not null;
        if (o.Map("status", "allocation") is null) return deleted ? "deleted" : "pending";
        return (deleted ? "deleted,allocated" : "allocated") + (o.Map("status")!.List("reservedFor") is { Count: > 0 } ? ",reserved" : "");
    }
}

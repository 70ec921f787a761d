
namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of environment variables and of where their values come from.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] s_sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    private static readonly string[] s_fields =
        ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"];

    private static readonly string[] s_resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    public static void Check(Spot container)
    {
        foreach (var variable in container.Items("env"))
        {
            if (variable.Text("name").Length == 0 && variable.Value.ContainsKey("name")) variable.Required("name");
            variable.Fits("name", Names.EnvironmentFault);
            if (variable.Map("valueFrom") is { } source) Source(variable, source);
        }

        foreach (var from in container.Items("envFrom"))
        {
            var sources = ((string[])["configMapRef", "secretRef"]).Where(s => from.Map(s) is not null).ToList();
            from.Fits("prefix", Names.EnvironmentFault);
            foreach (var name in sources) from.Map(name)!.Value.Name("name", Names.SubdomainFault);
            if (sources.Count == 0) container.Invalid("envFrom", "", "must specify one of: `configMapRef` or `secretRef`");
            if (sources.Count > 1) container.Invalid("envFrom", "", "may not have more than one field specified at a time");
        }
    }

    private static void Source(Spot variable, Spot source)
    {
        var given = s_sources.Where(s => source.Map(s) is not null).ToList();
        if (given.Count == 0) variable.Invalid("valueFrom", "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        else if (variable.Text("value").Length > 0) variable.Invalid("valueFrom", "", "may not be specified when `value` is not empty");
        else if (given.Count > 1) variable.Invalid("valueFrom", "", "may not have more than one field specified at a time");
        foreach (var name in given)
        {
            var reference = source.Map(name)!.Value;
            switch (name)
            {
                case "fieldRef":
                    Field(reference);
                    break;
                case "resourceFieldRef":
                    Resource(reference);
                    break;
                case "configMapKeyRef" or "secretKeyRef":
                    if (Names.SubdomainFault(reference.Text("name")) is { } fault) reference.Invalid("name", reference.Text("name"), fault);
                    reference.Name("key", Names.ConfigKeyFault);
                    break;
            }
        }
    }

    private static void Field(Spot reference)
    {
        var path = reference.Text("fieldPath");
        if (path.Length == 0)
        {
            reference.Required("fieldPath");
            return;
        }

        if (s_fields.Contains(path) || IsKeyed(path)) return;
        reference.Invalid("fieldPath", path, $"error converting fieldPath: field label not supported: {path}");
    }

    private static bool IsKeyed(string path) =>
        path.EndsWith("']", StringComparison.Ordinal) && (path.StartsWith("metadata.labels['", StringComparison.Ordinal) || path.StartsWith("metadata.annotations['", StringComparison.Ordinal));

    private static void Resource(Spot reference)
    {
        var resource = reference.Text("resource");
        if (resource.Length == 0) reference.Required("resource");
        else if (!s_resources.Contains(resource) && !resource.StartsWith("limits.hugepages-", StringComparison.Ordinal) && !resource.StartsWith("requests.hugepages-", StringComparison.Ordinal))
            reference.NotSupported("resource", resource, s_resources);
    }
}

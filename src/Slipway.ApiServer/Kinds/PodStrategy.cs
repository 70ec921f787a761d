using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Pods wait for ever: nothing schedules them here.</summary>
internal sealed class PodStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };

    public override void Default(JsonMap value)
    {
        PodDefaults.Apply(value.Map("spec"));
        value.Map("spec")?.TryAdd("enableServiceLinks", true); // Of pods only, not of the templates that they are made from.
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) errors.Add(FieldError.Required("spec.containers"));
        else PodDefaults.Validate(spec, "spec", errors);
    }
}

/// <summary>The defaults and checks of pod specs that a schema cannot say.</summary>
internal static class PodDefaults
{
    public static void Apply(JsonMap? spec)
    {
        if (spec is null) return;
        spec.TryAdd("securityContext", new JsonMap());
        foreach (var container in (spec.List("containers")?.Maps() ?? []).Concat(spec.List("initContainers")?.Maps() ?? []))
        {
            container.TryAdd("resources", new JsonMap());
            if (container.ContainsKey("imagePullPolicy") || container.Text("image") is not { } image) continue;
            var tag = image[(image.LastIndexOf('/') + 1)..];
            container["imagePullPolicy"] = !tag.Contains(':', StringComparison.Ordinal) || tag.EndsWith(":latest", StringComparison.Ordinal) ? "Always" : "IfNotPresent";
        }
    }

    public static void Validate(JsonMap spec, string path, List<FieldError> errors)
    {
        if (spec.List("containers") is not { Count: > 0 } containers)
        {
            if (spec.ContainsKey("containers")) errors.Add(FieldError.Required(path + ".containers"));
            return;
        }

        for (var i = 0; i < containers.Count; i++)
        {
            if (containers[i] is not JsonMap container) continue;
            if (container.Text("name") is { } name && Names.LabelFault(name) is { } fault)
                errors.Add(FieldError.Invalid($"{path}.containers[{i}].name", name, fault));
            if (container.Text("image") is null or "") errors.Add(FieldError.Required($"{path}.containers[{i}].image"));
        }
    }
}

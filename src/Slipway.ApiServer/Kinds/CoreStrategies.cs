using System.Text;
using Slipway.ApiServer.Authentication.StandingObjects;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Namespaces are active from the start and stay until they are empty.</summary>
internal sealed class NamespaceStrategy : PlainStrategy
{
    private const string Finalizer = "kubernetes";

    public override string? NameFault(string name) => Names.LabelFault(name);

    public override void PrepareForCreate(JsonMap value)
    {
        value["spec"] = new JsonMap { ["finalizers"] = JsonList.Of([Finalizer]) };
        value["status"] = new JsonMap { ["phase"] = "Active" };
    }

    public override void PrepareForUpdate(JsonMap value, JsonMap old) => value["spec"] = JsonValues.Copy(old.At("spec"));

    public override void Default(JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        if (metadata.Text("name") is { Length: > 0 } name) metadata.Ensure("labels")["kubernetes.io/metadata.name"] = name;
    }

    public override string? DeletionFault(string name) =>
        name is "default" or "kube-system" or "kube-public" ? "this namespace may not be deleted" : null;

    public override void PrepareForDelete(JsonMap value) => value.Ensure("status")["phase"] = "Terminating";

    public override bool HoldsDeletion(JsonMap value) => value.Map("spec")?.List("finalizers") is { Count: > 0 };
}

/// <summary>Secrets: stringData goes into data, and what a type promises must be there.</summary>
internal sealed class SecretStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        if (value.Map("stringData") is { } texts)
        {
            var data = value.Ensure("data");
            foreach (var (key, text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text as string ?? ""));
        }

        value.Remove("stringData");
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        DataKeys.Validate(value.Map("data"), "data", errors);
        DataKeys.Immutable(value, old, ["data"], errors);
        if (old is not null && value.Text("type") != old.Text("type"))
            errors.Add(FieldError.Invalid("type", value.Text("type"), "field is immutable"));
        if (value.Text("type") == TokenSecrets.Type && value.Map("metadata", "annotations")?.Text(TokenSecrets.AccountName) is null or "")
            errors.Add(FieldError.Required($"metadata.annotations[{TokenSecrets.AccountName}]"));
        foreach (var key in Promised(value.Text("type")))
            if (value.Map("data")?.ContainsKey(key) != true) errors.Add(FieldError.Required($"data[{key}]"));
    }

    private static string[] Promised(string? type) => type switch
    {
        "kubernetes.io/tls" => ["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
        "kubernetes.io/dockercfg" => [".dockercfg"],
        "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
        _ => [],
    };
}

/// <summary>ConfigMaps: keys are file names, and an immutable map stays.</summary>
internal sealed class ConfigMapStrategy : PlainStrategy
{
    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        DataKeys.Validate(value.Map("data"), "data", errors);
        DataKeys.Validate(value.Map("binaryData"), "binaryData", errors);
        foreach (var key in value.Map("binaryData")?.Keys.Where(k => value.Map("data")?.ContainsKey(k) == true) ?? [])
            errors.Add(FieldError.Invalid($"binaryData[{key}]", key, "duplicate of key present in data"));
        DataKeys.Immutable(value, old, ["data", "binaryData"], errors);
    }
}

/// <summary>What ConfigMaps and Secrets share.</summary>
internal static class DataKeys
{
    private const int Limit = 1024 * 1024;

    public static void Validate(JsonMap? data, string field, List<FieldError> errors)
    {
        var size = 0;
        foreach (var (key, value) in data ?? [])
        {
            size += (value as string)?.Length ?? 0;
            if (key.Length is 0 or > 253 || key is "." or ".." || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                errors.Add(FieldError.Invalid($"{field}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
                    "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        }

        if (size > Limit * 4 / 3 + 4) errors.Add(FieldError.TooLong(field, Limit));
    }

    public static void Immutable(JsonMap value, JsonMap? old, string[] fields, List<FieldError> errors)
    {
        if (old?.At("immutable") is not true) return;
        if (value.At("immutable") is not true) errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        foreach (var field in fields)
            if (!JsonValues.Same(value.At(field), old.At(field))) errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
    }
}

/// <summary>Services: an address is made up, since no network stands behind this server.</summary>
internal sealed class ServiceStrategy : PlainStrategy
{
    public override string? NameFault(string name) => Names.LabelFault(name);

    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (spec.Text("type") is null) spec["type"] = "ClusterIP";
        foreach (var port in spec.List("ports")?.Maps() ?? [])
            if (!port.ContainsKey("targetPort") && port.At("port") is { } number) port["targetPort"] = number;
        if (spec.Text("type") == "ExternalName" || value.Text("metadata", "uid") is not { } uid) return;
        if (spec.Text("clusterIP") is null or "")
        {
            var bytes = Encoding.ASCII.GetBytes(uid);
            var hash = bytes.Aggregate(17u, (h, b) => (h * 31) + b);
            spec["clusterIP"] = $"10.{96 + (hash % 16)}.{(hash >> 8) % 256}.{1 + ((hash >> 16) % 254)}";
        }

        spec.TryAdd("clusterIPs", JsonList.Of([spec.Text("clusterIP")!]));
        spec.TryAdd("internalTrafficPolicy", "Cluster");
        spec.TryAdd("ipFamilies", JsonList.Of(["IPv4"]));
        spec.TryAdd("ipFamilyPolicy", "SingleStack");
        value.TryAdd("status", new JsonMap { ["loadBalancer"] = new JsonMap() });
    }

    public override void PrepareForUpdate(JsonMap value, JsonMap old)
    {
        if (value.Map("spec")?.Text("clusterIP") is not (null or "")) return;
        foreach (var name in (string[])["clusterIP", "clusterIPs"])
            if (old.Map("spec")?.At(name) is { } given) value.Ensure("spec")[name] = JsonValues.Copy(given);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spec = value.Map("spec")!;
        if (spec.Text("type") != "ExternalName" && spec.Text("clusterIP") != "None" && spec.List("ports") is null or { Count: 0 })
            errors.Add(FieldError.Required("spec.ports"));
        if (spec.Text("type") is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
            errors.Add(FieldError.NotSupported("spec.type", spec.Text("type"), ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]));
    }
}

/// <summary>Pods wait for ever: nothing schedules them here.</summary>
internal sealed class PodStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };

    public override void Default(JsonMap value) => PodDefaults.Apply(value.Map("spec"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) errors.Add(FieldError.Required("spec.containers"));
        else PodDefaults.Validate(spec, "spec", errors);
    }
}

/// <summary>Claims begin as pending.</summary>
internal sealed class ClaimStrategy : PlainStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["phase"] = "Pending" };
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

/// <summary>Deployments: a rolling update unless told otherwise, and the selector must choose the template.</summary>
internal sealed class DeploymentStrategy : KindStrategy
{
    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        var strategy = spec.Ensure("strategy");
        strategy.TryAdd("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.TryAdd("maxUnavailable", "25%");
            rolling.TryAdd("maxSurge", "25%");
        }

        PodDefaults.Apply(spec.Map("template", "spec"));
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spec = value.Map("spec")!;
        var labels = spec.Map("template", "metadata")?.Map("labels");
        foreach (var (key, wanted) in spec.Map("selector", "matchLabels") ?? [])
        {
            if (labels is not null && JsonValues.Same(labels.At(key), wanted)) continue;
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
            break;
        }

        if (old?.Map("spec") is { } before && !JsonValues.Same(before.At("selector"), spec.At("selector")))
            errors.Add(FieldError.Invalid("spec.selector", spec.At("selector"), "field is immutable"));
        if (spec.Map("template", "spec") is { } pod) PodDefaults.Validate(pod, "spec.template.spec", errors);
    }
}

/// <summary>events.k8s.io shows the same events as core/v1 under other names (KEP-383); they are stored in core's form.</summary>
internal sealed class EventViewStrategy : PlainStrategy
{
    private static readonly (string View, string Core)[] s_names =
    [
        ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    public override bool HasStoredForm => true;

    public override void ToStored(JsonMap value)
    {
        value["apiVersion"] = "v1";
        foreach (var (view, core) in s_names)
            if (value.Remove(view, out var member)) value[core] = member;
        value.TryAdd("involvedObject", new JsonMap());
    }

    public override void FromStored(JsonMap value)
    {
        value["apiVersion"] = "events.k8s.io/v1";
        foreach (var (view, core) in s_names)
            if (value.Remove(core, out var member)) value[view] = member;
    }
}

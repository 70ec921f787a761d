using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Crds;

/// <summary>CustomResourceDefinitions: names are completed and what they define is served as soon as they are stored.</summary>
internal sealed class CrdStrategy : KindStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override void PrepareForCreate(JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        var finalizers = metadata.List("finalizers") ?? new JsonList();
        if (!finalizers.Contains(CleanupFinalizer)) finalizers.Add(CleanupFinalizer);
        metadata["finalizers"] = finalizers;
    }

    public override void Default(JsonMap value)
    {
        if (value.Map("spec") is not { } spec || spec.Map("names") is not { } names) return;
        if (names.Text("kind") is { } kind)
        {
            names.TryAdd("singular", kind.ToLowerInvariant());
            names.TryAdd("listKind", kind + "List");
        }

        ConversionChecks.Default(spec);
        SetStatus(value, spec, names);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec || spec.Map("names") is not { } names) return;
        CrdRules.Validate(value, spec, names, old?.Map("spec"), errors);
        ConversionChecks.Check(spec, errors);
    }

    private static void SetStatus(JsonMap value, JsonMap spec, JsonMap names)
    {
        var status = value.Ensure("status");
        var now = value.Map("metadata")?.Text("creationTimestamp");
        status["acceptedNames"] = JsonValues.Copy(names);
        var stored = status.List("storedVersions") ?? new JsonList();
        var storage = spec.List("versions")?.Maps().FirstOrDefault(v => v.At("storage") is true)?.Text("name");
        if (storage is not null && !stored.Contains(storage)) stored.Add(storage);
        status["storedVersions"] = stored;
        if (status.List("conditions") is { Count: > 0 }) return;
        status["conditions"] = new JsonList
        {
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
        };
    }

    private static JsonMap Condition(string type, string reason, string message, string? time) => new()
    {
        ["lastTransitionTime"] = time,
        ["message"] = message,
        ["reason"] = reason,
        ["status"] = "True",
        ["type"] = type,
    };
}

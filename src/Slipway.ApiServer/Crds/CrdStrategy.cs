using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Crds;

/// <summary>CustomResourceDefinitions: names are completed and what they define is served as soon as they are stored.</summary>
internal sealed class CrdStrategy : KindStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>Gets or sets what lists the names that other definitions of a group have.</summary>
    public Func<string, string, IEnumerable<JsonMap>> Others { get; set; } = (_, _) => [];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public static bool IsEstablished(JsonMap crd) =>
        crd.Map("status")?.List("conditions") is { } conditions && Find(conditions, "Established")?.Text("status") == "True";

    public override void PrepareForCreate(JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        var finalizers = metadata.List("finalizers") ?? new JsonList();
        if (!finalizers.Contains(CleanupFinalizer)) finalizers.Add(CleanupFinalizer);
        metadata["finalizers"] = finalizers;
        value.Remove("status");
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

    private void SetStatus(JsonMap value, JsonMap spec, JsonMap names)
    {
        var status = value.Ensure("status");
        var claims = NameClaims.Decide(names, status.Map("acceptedNames") ?? [], Others(spec.Text("group") ?? "", value.Text("metadata", "name") ?? ""));
        status["acceptedNames"] = claims.Accepted;
        var stored = status.List("storedVersions") ?? new JsonList();
        var storage = spec.List("versions")?.Maps().FirstOrDefault(v => v.At("storage") is true)?.Text("name");
        if (storage is not null && !stored.Contains(storage)) stored.Add(storage);
        status["storedVersions"] = stored;
        var conditions = status.List("conditions") ?? new JsonList();
        status["conditions"] = conditions;
        Set(conditions, "NamesAccepted", claims.IsAccepted, claims.Reason, claims.Message);
        // Who was established stays so: its objects are there.
        if (Find(conditions, "Established")?.Text("status") == "True") return;
        if (claims.IsAccepted) Set(conditions, "Established", holds: true, "InitialNamesAccepted", "the initial names have been accepted");
        else Set(conditions, "Established", holds: false, "NotAccepted", "not all names are accepted");
    }

    private static JsonMap? Find(JsonList conditions, string type) => conditions.Maps().FirstOrDefault(c => c.Text("type") == type);

    private void Set(JsonList conditions, string type, bool holds, string reason, string message)
    {
        var condition = Find(conditions, type);
        if (condition is null) conditions.Add(condition = new JsonMap { ["lastTransitionTime"] = null });
        var status = holds ? "True" : "False";
        if (condition.Text("status") != status) condition["lastTransitionTime"] = MetadataRules.Time(Time.GetUtcNow());
        condition["message"] = message;
        condition["reason"] = reason;
        condition["status"] = status;
        condition["type"] = type;
    }
}

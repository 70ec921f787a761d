using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>Configurations of mutating and validating webhooks: completed, and refused when a webhook could never be asked.</summary>
internal sealed class WebhookConfigurationStrategy : KindStrategy
{
    private const int MaxTimeout = 30;

    private static readonly string[] s_failurePolicies = ["Fail", "Ignore"];
    private static readonly string[] s_matchPolicies = ["Equivalent", "Exact"];
    private static readonly string[] s_sideEffects = ["None", "NoneOnDryRun"];
    private static readonly string[] s_reinvocations = ["IfNeeded", "Never"];

    public override void Default(JsonMap value)
    {
        foreach (var webhook in value.List("webhooks")?.Maps() ?? [])
        {
            webhook.TryAdd("namespaceSelector", new JsonMap());
            webhook.TryAdd("objectSelector", new JsonMap());
        }
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        // The schema tells a name that comes twice in words of its own; these are upstream's.
        errors.RemoveAll(e => e.Reason == "FieldValueDuplicate");
        var webhooks = value.List("webhooks") ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < webhooks.Count; i++)
        {
            if (webhooks[i] is not JsonMap webhook) continue;
            var path = $"webhooks[{i}]";
            Check(webhook, (old?.List("webhooks")?.ElementAtOrDefault(i) as JsonMap)?.List("matchConditions"), path, errors);
            if (webhook.Text("name") is { Length: > 0 } name && !names.Add(name)) errors.Add(FieldError.Duplicate(path + ".name", name));
        }
    }

    private static void Check(JsonMap webhook, JsonList? oldConditions, string path, List<FieldError> errors)
    {
        Name(webhook.Text("name") ?? "", path + ".name", errors);
        RuleChecks.Check(webhook.List("rules"), path + ".rules", errors);
        OneOf(webhook, "failurePolicy", s_failurePolicies, path, errors);
        OneOf(webhook, "matchPolicy", s_matchPolicies, path, errors);
        if (webhook.Text("sideEffects") is null) errors.Add(FieldError.Required(path + ".sideEffects", "must specify one of None, NoneOnDryRun"));
        OneOf(webhook, "sideEffects", s_sideEffects, path, errors);
        if (webhook.At("timeoutSeconds") is long timeout and (< 1 or > MaxTimeout))
            errors.Add(FieldError.Invalid(path + ".timeoutSeconds", timeout, "the timeout value must be between 1 and 30 seconds"));
        SelectorChecks.Check(webhook.Map("namespaceSelector"), path + ".namespaceSelector", errors);
        SelectorChecks.Check(webhook.Map("objectSelector"), path + ".objectSelector", errors);
        OneOf(webhook, "reinvocationPolicy", s_reinvocations, path, errors);
        ClientConfigChecks.Check(webhook.Map("clientConfig"), path + ".clientConfig", errors);
        if (!JsonValues.Same(webhook.List("matchConditions"), oldConditions))
            ExpressionChecks.Conditions(webhook.List("matchConditions"), AdmissionCel.Environment, path + ".matchConditions", errors);
        ReviewVersionChecks.Check(webhook.List("admissionReviewVersions"), path + ".admissionReviewVersions", errors);
    }

    private static void Name(string name, string path, List<FieldError> errors)
    {
        if (name.Length == 0) errors.Add(FieldError.Required(path));
        else if (Names.SubdomainFault(name) is { } fault) errors.Add(FieldError.Invalid(path, name, fault));
        else if (name.Count(c => c == '.') < 2) errors.Add(FieldError.Invalid(path, name, "should be a domain with at least three segments separated by dots"));
    }

    private static void OneOf(JsonMap webhook, string member, string[] known, string path, List<FieldError> errors)
    {
        if (webhook.At(member) is { } given && !known.Contains(given as string)) errors.Add(FieldError.NotSupported($"{path}.{member}", given, known));
    }
}

using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Webhooks;

/// <summary>The rules for the review versions that a webhook says it knows.</summary>
internal static class ReviewVersionChecks
{
    public static void Check(JsonList? versions, string path, List<FieldError> errors, string hint = "must specify one of v1, v1beta1")
    {
        if (versions is not { Count: > 0 })
        {
            errors.Add(FieldError.Required(path, hint));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i] is not string version) continue;
            if (!seen.Add(version)) errors.Add(FieldError.Invalid($"{path}[{i}]", version, "duplicate version"));
            else if (Names.Label1035Fault(version) is { } fault) errors.Add(FieldError.Invalid($"{path}[{i}]", version, fault));
        }

        if (!seen.Contains("v1") && !seen.Contains("v1beta1")) errors.Add(FieldError.Invalid(path, versions, "must include at least one of v1, v1beta1"));
    }
}

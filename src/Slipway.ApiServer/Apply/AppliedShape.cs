using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Apply;

/// <summary>
/// Whether an applied configuration is of the shape that the schema declares. Server-side apply decides by fields, so kube-apiserver refuses
/// whatever it cannot give to a field, before and regardless of fieldValidation, with 500 and words of structured-merge-diff.
/// </summary>
internal static class AppliedShape
{
    // As many faults as help; a configuration may be one long list of nothing else.
    private const int Most = 16;

    private static readonly string[] s_always = ["apiVersion", "kind", "metadata"];

    /// <summary>Checks a configuration.</summary>
    /// <param name="config">What is applied.</param>
    /// <param name="schema">Its kind's schema.</param>
    /// <param name="name">"NAMESPACE/NAME; GROUP/VERSION, Kind=KIND", as the message names it.</param>
    /// <exception cref="ApiException">It is of another shape.</exception>
    public static void Check(JsonMap config, Schema schema, string name)
    {
        var faults = new List<string>();
        Members(config, schema, "", faults);
        if (faults.Count == 0) return;
        var told = faults.Count == 1 ? faults[0] : "errors:\n" + string.Join('\n', faults.Take(Most).Select(f => "  " + f));
        throw new ApiException(500, "", $"failed to create typed patch object ({name}): {told}");
    }

    private static void Value(object? value, Schema schema, string path, List<string> faults)
    {
        // null is no value of any type; what may be one of two types is for the kind's own reading.
        if (value is null || schema.IntOrString || faults.Count > Most) return;
        if (value is JsonMap map && (schema.IsMap || schema.EmbeddedResource)) Members(map, schema, path, faults);
        else if (schema.IsMap) faults.Add($"{path}: expected map, got &{{{Shown(value)}}}");
        else if (value is JsonList list && schema.Items is { } items) Items(list, schema, items, path, faults);
        else if (schema.Type == "array") faults.Add($"{path}: expected list, got &{{{Shown(value)}}}");
        else Scalar(value, schema, path, faults);
    }

    private static void Members(JsonMap map, Schema schema, string path, List<string> faults)
    {
        foreach (var (name, member) in map)
        {
            if (schema.Member(name) is { } inner)
            {
                if (!ReferenceEquals(inner, Schema.Anything)) Value(member, inner, $"{path}.{name}", faults);
            }
            else if (!(schema.EmbeddedResource && s_always.Contains(name)))
            {
                faults.Add($"{path}.{name}: field not declared in schema");
                return;
            }
        }
    }

    private static void Items(JsonList list, Schema schema, Schema items, string path, List<string> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"[{i}]");
            if (schema.ListKind is ListKind.Map && list[i] is not JsonMap)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: element {i}: associative list with keys may not have non-map elements"));
                return;
            }

            if (schema.ListKind is not ListKind.Atomic)
            {
                var element = PathElement.Item(list[i], schema);
                at = PathElement.Show(element);
                if (!seen.Add(element))
                {
                    faults.Add($"{path}: duplicate entries for key {(schema.ListKind is ListKind.Set ? $"[={JsonText.Of(list[i])}]" : at)}");
                    return;
                }
            }

            Value(list[i], items, path + at, faults);
        }
    }

    private static void Scalar(object value, Schema schema, string path, List<string> faults)
    {
        switch (schema.Type)
        {
            case "string" when value is not string:
                faults.Add($"{path}: expected string, got &value.valueUnstructured{{Value:{Shown(value)}}}");
                break;
            case "integer" or "number" when value is string or bool or JsonMap or JsonList:
                faults.Add($"{path}: expected numeric (int or float), got {(value is string ? "string" : value is bool ? "bool" : value is JsonMap ? "map[string]interface {}" : "[]interface {}")}");
                break;
            case "boolean" when value is not bool:
                faults.Add($"{path}: expected boolean, got &{{{Shown(value)}}}");
                break;
        }
    }

    // As Go prints values.
    private static string Shown(object? value) => value switch
    {
        null => "<nil>",
        string text => text.Length <= 256 ? text : text[..256] + "...",
        JsonList list => $"[{string.Join(' ', list.Take(Most).Select(Shown))}]",
        JsonMap map => $"map[{string.Join(' ', map.Take(Most).Select(m => $"{m.Key}:{Shown(m.Value)}"))}]",
        _ => JsonText.Of(value),
    };
}

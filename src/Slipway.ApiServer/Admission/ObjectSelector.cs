using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission;

/// <summary>A label selector as objects hold it (<c>meta/v1 LabelSelector</c>): an empty one chooses everything.</summary>
internal sealed class ObjectSelector
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    private readonly List<(string Key, string Operator, IReadOnlyList<string> Values)> _terms = [];

    private ObjectSelector()
    {
    }

    public bool IsEmpty => _terms.Count == 0;

    public static ObjectSelector Read(JsonMap? selector)
    {
        var read = new ObjectSelector();
        foreach (var (key, value) in selector?.Map("matchLabels") ?? []) read._terms.Add((key, "In", [value as string ?? ""]));
        foreach (var term in selector?.List("matchExpressions")?.Maps() ?? [])
            read._terms.Add((term.Text("key") ?? "", term.Text("operator") ?? "", [.. term.List("values")?.Strings() ?? []]));
        return read;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, sign, values) in _terms)
        {
            var has = labels.TryGetValue(key, out var value);
            var chosen = sign switch
            {
                "In" => has && values.Contains(value, StringComparer.Ordinal),
                "NotIn" => !has || !values.Contains(value, StringComparer.Ordinal),
                "Exists" => has,
                "DoesNotExist" => !has,
                _ => false,
            };
            if (!chosen) return false;
        }

        return true;
    }

    public bool Matches(JsonMap value) => IsEmpty || Matches(LabelsOf(value));

    public static IReadOnlyDictionary<string, string> LabelsOf(JsonMap value) => value.Map("metadata")?.Map("labels") is not { } labels
        ? s_noLabels
        : labels.Where(l => l.Value is string).ToDictionary(l => l.Key, l => (string)l.Value!, StringComparer.Ordinal);
}

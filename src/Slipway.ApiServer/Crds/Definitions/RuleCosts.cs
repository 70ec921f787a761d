using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Schemas.Rules;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>
/// Adds up what the rules of one version cost at most, with upstream's limits for one rule and for all
/// (k8s.io/apiextensions-apiserver, apis/apiextensions/validation).
/// </summary>
internal sealed class RuleCosts
{
    public const ulong RuleLimit = 10_000_000;

    private const ulong SchemaLimit = 100_000_000;
    private const int Named = 4;

    private readonly List<(string Path, ulong Cost)> _expensive = [];
    private ulong _total;

    public static ulong? Times(ulong? a, ulong? b) => a is null || b is null ? null : Times(a.Value, b.Value);

    /// <summary>Gets the cost of all places of a rule: as many as the schema allows, or as fit a request.</summary>
    public static ulong OfAll(ulong cost, ulong? cardinality, RuleType type) =>
        Times(cost, cardinality ?? (ulong)(RuleTypes.MaxRequest / (type.MinBytes + 1)));

    public static FieldError TooExpensive(string path, string what, ulong cost, ulong limit)
    {
        var factor = (double)cost / limit;
        var times = factor > 100 ? "more than 100x" : factor.ToString(factor < 1.5 ? "F6" : "F1", CultureInfo.InvariantCulture) + "x";
        return FieldError.Forbidden(path, $"{what} exceeds budget by factor of {times} " +
            "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)");
    }

    public void Add(string path, ulong cost)
    {
        _total = cost > ulong.MaxValue - _total ? ulong.MaxValue : _total + cost;
        if (cost < SchemaLimit / 100) return;
        var at = _expensive.FindIndex(e => e.Cost < cost);
        _expensive.Insert(at < 0 ? _expensive.Count : at, (path, cost));
        if (_expensive.Count > Named) _expensive.RemoveAt(Named);
    }

    public void Validate(string path, List<FieldError> errors)
    {
        if (_total <= SchemaLimit) return;
        foreach (var (rule, _) in _expensive)
            errors.Add(FieldError.Forbidden(rule, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        errors.Add(TooExpensive(path, "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", _total, SchemaLimit));
    }

    private static ulong Times(ulong a, ulong b) => a != 0 && b > ulong.MaxValue / a ? ulong.MaxValue : a * b;
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission;

/// <summary>
/// The values that expressions see in one request, made when they are first asked for. The variables of a policy are names
/// with a dot, so that each is evaluated only where it is used, and once.
/// </summary>
internal sealed class AdmissionActivation(
    AdmissionAttributes attributes, MatchedResource matched, JsonMap? value, JsonMap? old, Func<JsonMap?> ns) : IReadOnlyDictionary<string, CelValue>
{
    private const string Variable = "variables.";

    private readonly Dictionary<string, CelValue> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);
    private string? _variableFault;

    /// <summary>Gets or sets the variables of the policy by name.</summary>
    public IReadOnlyDictionary<string, CelExpression>? Variables { get; init; }

    /// <summary>Gets or sets the parameters that a binding brings; null where it brings none.</summary>
    public JsonMap? Params { get; init; }

    public IEnumerable<string> Keys => _known.Keys;

    public IEnumerable<CelValue> Values => _known.Values;

    public int Count => _known.Count;

    public CelValue this[string key] => TryGetValue(key, out var found) ? found : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out CelValue found)
    {
        if (_known.TryGetValue(key, out found)) return true;
        found = key switch
        {
            "object" => CelValues.Of(value),
            "oldObject" => CelValues.Of(old),
            "request" => CelValues.Of(AdmissionReview.Request(attributes, matched)),
            "namespaceObject" => CelValues.Of(NamespaceView(ns())),
            "params" => CelValues.Of(Params),
            _ when key.StartsWith(Variable, StringComparison.Ordinal) => Evaluate(key[Variable.Length..]),
            _ => null,
        };
        if (found is null) return false;
        _known[key] = found;
        return true;
    }

    /// <summary>Says why an expression failed: a variable's failure is known here in more words.</summary>
    public string Explain(string error) => _variableFault is { } fault && error.Contains(Variable, StringComparison.Ordinal) ? fault : error;

    public IEnumerator<KeyValuePair<string, CelValue>> GetEnumerator() => _known.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private CelValue? Evaluate(string name)
    {
        if (Variables?.GetValueOrDefault(name) is not { } expression || !_running.Add(name)) return null;
        var (result, error) = expression.Evaluate(this);
        _running.Remove(name);
        if (error is not null) _variableFault = $"composited variable \"{name}\" fails to evaluate: {Bare(error)}";
        return result;
    }

    // The reason without the expression around it, which the outer message names already.
    private static string Bare(string error)
    {
        const string Lead = "' resulted in error: ";
        var at = error.IndexOf(Lead, StringComparison.Ordinal);
        return at < 0 ? error : error[(at + Lead.Length)..];
    }

    private static JsonMap? NamespaceView(JsonMap? given)
    {
        if (given?.Map("metadata")?.ContainsKey("managedFields") != true) return given;
        given.Map("metadata")!.Remove("managedFields");
        return given;
    }
}

using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>
/// Evaluates the rules of a schema over one object, within one budget (k8s.io/apiextensions-apiserver, schema/cel). Transition rules
/// see the stored state of their place, and are passed over where there is none.
/// </summary>
/// <param name="errors">Takes the faults.</param>
/// <param name="warn">Takes faults of what an update leaves as it is; <see langword="null"/> when these are faults, too.</param>
internal sealed class RuleCheck(List<FieldError> errors, Action<string>? warn)
{
    // Of a request (k8s.io/apiserver, pkg/apis/cel); each call has its own limit beside it.
    private const long RequestBudget = 10_000_000;

    private const string OutOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run";

    private long _left = RequestBudget;

    /// <summary>Judges an object that its schema admits; the stored one is <see langword="null"/> on creation.</summary>
    public static void Run(JsonMap value, JsonMap? old, Schema root, List<FieldError> errors, Action<string> warn)
    {
        if (errors.Exists(IsBlocking))
        {
            errors.Add(FieldError.Invalid(Place.RootName, null,
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
            return;
        }

        var state = old is null ? null : new Correlated(value, old, root);
        new RuleCheck(errors, warn).Visit(root.RuleTree, value, new Place(state, null, ""));
    }

    /// <summary>Judges a default: as a value that is given and as one that stays.</summary>
    public static void Default(object? value, Schema schema, string path, List<FieldError> errors)
    {
        var before = errors.Count;
        new RuleCheck(errors, warn: null).Visit(schema.RuleTree, value, new Place(new Correlated(value, value, schema), null, path));
        if (errors.Count == before) new RuleCheck(errors, warn: null).Visit(schema.RuleTree, value, new Place(null, null, path));
    }

    // Rules may rely on what these faults deny.
    private static bool IsBlocking(FieldError error) => error.Reason is "FieldValueNotSupported" or "FieldValueRequired" or "FieldValueTooLong"
        or "FieldValueTooMany" or "FieldValueTypeInvalid";

    private void Visit(RuleTree tree, object? value, Place place)
    {
        if (value is null) return;
        if (tree.Rules is { Length: > 0 } rules) Evaluate(rules, tree.Schema, value, place);
        if (_left < 0) return;
        if (value is JsonList list && tree.Items is { } items)
        {
            for (var i = 0; i < list.Count && _left >= 0; i++) Visit(items, list[i], place.Item(i));
        }
        else if (value is JsonMap map)
        {
            if (tree.Values is { } values)
            {
                foreach (var (key, member) in map)
                {
                    Visit(values, member, place.Key(key));
                    if (_left < 0) return;
                }
            }

            foreach (var (name, property) in tree.Properties)
            {
                if (map.TryGetValue(name, out var member)) Visit(property, member, place.Member(name));
                if (_left < 0) return;
            }
        }
    }

    private void Evaluate(CompiledRule[] rules, Schema schema, object value, Place place)
    {
        if (_left <= 0)
        {
            Stop(FieldError.Invalid(place.Name, schema.Type, OutOfBudget));
            return;
        }

        var variables = new RuleVariables(value, place.State?.Old, schema, Array.Exists(rules, r => r.UsesOldSelf));
        foreach (var rule in rules)
        {
            if (rule.Error is not null) errors.Add(FieldError.Invalid(place.Name, schema.Type, "rule compile error: " + rule.Error));
            if (rule.Program is null || (rule.UsesOldSelf && place.State?.Old is null && rule.Rule.OptionalOldSelf != true)) continue;
            var result = rule.Program.Evaluate(variables.For(rule.Rule), CelLimits.Kubernetes);
            _left -= Math.Min(result.Cost, _left + 1);
            if (_left < 0) Stop(FieldError.Invalid(place.Name, schema.Type, OutOfBudget));
            else if (!result.IsSuccess) Failed(rule.Rule, result, schema, place);
            else if (!result.IsTrue) Broken(rule, schema, value, place, variables);
            if (_left < 0) return;
        }
    }

    private void Stop(FieldError error)
    {
        errors.Add(error);
        _left = -1;
    }

    private void Failed(Rule rule, CelResult result, Schema schema, Place place)
    {
        if (result.IsOutOfBudget)
        {
            Stop(FieldError.Invalid(place.Name, schema.Type,
                $"'{result.Error}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Title}"));
            return;
        }

        errors.Add(FieldError.Invalid(place.Name, schema.Type, result.Error!.StartsWith("no such overload", StringComparison.Ordinal)
            ? $"'no such overload': call arguments did not match a supported operator, function or macro signature for rule: {rule.Title}"
            : $"{result.Error} evaluating rule: {rule.Title}"));
    }

    private void Broken(CompiledRule rule, Schema schema, object value, Place place, RuleVariables variables)
    {
        var where = rule.FieldPath is null ? place.Name : place.Below(rule.FieldPath);
        var (message, stop) = rule.Message is null ? (null, null) : RuleMessages.Evaluate(rule, variables, ref _left);
        var error = stop is not null
            ? FieldError.Invalid(where, schema.Type, stop)
            : RuleMessages.Fault(rule.Rule.Reason, where, value, message ?? rule.Rule.Verdict, hasValue: schema.Type is not ("object" or "array"));
        // What did not change is only warned of, unless the rule is about the change.
        if (warn is not null && !rule.UsesOldSelf && place.IsUnchanged) warn(error.ToString());
        else errors.Add(error);
        if (stop is not null) _left = -1;
    }
}

/// <summary>Where a value lies, and its counterpart in the stored object or that of the nearest place above that has one.</summary>
internal sealed record Place(Correlated? State, Correlated? Above, string Path)
{
    /// <summary>How a nil path of upstream prints.</summary>
    public const string RootName = "<nil>";

    public string Name => Path.Length == 0 ? RootName : Path;

    public bool IsUnchanged => (State ?? Above)?.IsSame == true;

    public string Below(string path) => Path.Length == 0 ? path : $"{Path}.{path}";

    public Place Member(string name) => Child(State?.Member(name), Below(name));

    public Place Key(string name) => Child(State?.Member(name), $"{Path}[{name}]");

    public Place Item(int index) => Child(State?.Item(index), string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}]"));

    private Place Child(Correlated? state, string path) => new(state, State ?? Above, path);
}

using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Cel;

namespace Slipway.Operator.Selection;

/// <summary>What a runtime's rules say of a deployment.</summary>
/// <param name="Priority">The highest priority of the rules that hold; 0 when none does.</param>
/// <param name="Rule">That rule.</param>
/// <param name="Errors">Rules that could not be evaluated, each with why.</param>
internal sealed record RuleScore(int Priority, string? Rule, IReadOnlyList<string> Errors);

/// <summary>Evaluates selection rules: CEL over `spec`, the deployment's spec with the engine that was chosen.</summary>
internal static class SelectionRules
{
    // Rules are few and stay; the bound is for somebody who keeps changing theirs.
    private const int MostCompiled = 1_000;

    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("spec", CelType.Map(CelType.String, CelType.Dyn));
    private static readonly ConcurrentDictionary<string, CelCompilation> s_compiled = new(StringComparer.Ordinal);

    /// <summary>What rules see: the effective spec, as the shared API's core shows them the engine and the accelerators that it filled in.</summary>
    public static IReadOnlyDictionary<string, CelValue> Variables(ModelDeployment effective) => new Dictionary<string, CelValue>(StringComparer.Ordinal)
    {
        ["spec"] = CelValue.FromJson(JsonSerializer.SerializeToElement(effective.Spec, SlipwayJson.Default.ModelDeploymentSpec)),
    };

    public static RuleScore Score(IReadOnlyList<SelectionRule> rules, IReadOnlyDictionary<string, CelValue> variables)
    {
        var (priority, holds, errors) = (0, (string?)null, new List<string>());
        foreach (var rule in rules)
        {
            var compiled = Compile(rule.Condition);
            if (!compiled.IsSuccess)
            {
                errors.Add($"rule \"{rule.Condition}\" is no CEL: {string.Join("; ", compiled.Issues.Select(i => i.Message))}");
                continue;
            }

            var result = compiled.Program.Evaluate(variables);
            if (!result.IsSuccess) errors.Add($"rule \"{rule.Condition}\" fails: {result.Error}");
            else if (result.IsTrue && (holds is null || rule.Priority > priority)) (priority, holds) = (rule.Priority ?? 0, rule.Condition);
        }

        return new RuleScore(priority, holds, errors);
    }

    /// <summary>The rules that are no CEL, each with why.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<SelectionRule> rules) =>
        from rule in rules
        let compiled = Compile(rule.Condition)
        where !compiled.IsSuccess
        select $"rule \"{rule.Condition}\" is no CEL: {string.Join("; ", compiled.Issues.Select(i => i.Message))}";

    private static CelCompilation Compile(string condition)
    {
        if (s_compiled.Count >= MostCompiled) s_compiled.Clear();
        return s_compiled.GetOrAdd(condition, s_environment.Compile);
    }
}

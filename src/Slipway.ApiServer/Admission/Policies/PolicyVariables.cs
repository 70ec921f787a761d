using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>The named expressions of a policy; each may use those before it.</summary>
internal sealed record PolicyVariables(CelEnvironment Environment, IReadOnlyDictionary<string, CelExpression> Expressions)
{
    public static PolicyVariables Compile(JsonList? variables, CelEnvironment environment)
    {
        var compiled = new PolicyVariables(environment, new Dictionary<string, CelExpression>());
        foreach (var variable in variables?.Maps() ?? []) compiled = compiled.With(variable.Text("name") ?? "", variable.Text("expression") ?? "");
        return compiled;
    }

    /// <summary>Adds a variable.</summary>
    public PolicyVariables With(string name, string text)
    {
        var expression = AdmissionCel.Compile(Environment, text);
        var expressions = new Dictionary<string, CelExpression>(Expressions, StringComparer.Ordinal) { [name] = expression };
        if (name.Length == 0) return this with { Expressions = expressions };
        var types = expressions.ToDictionary(e => e.Key, e => e.Value.Program?.Type ?? CelType.Dyn, StringComparer.Ordinal);
        // The dotted name is what is evaluated; the object type beside it lets a misspelled variable be told by name.
        var next = Environment.WithVariable("variables", CelType.Object("kubernetes.variables", types)).WithVariable("variables." + name, types[name]);
        return new(next, expressions);
    }
}

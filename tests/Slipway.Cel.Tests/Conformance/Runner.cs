using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Cel.Functions;
using Slipway.Cel.Syntax;
using Slipway.Cel.Values;

namespace Slipway.Cel.Tests.Conformance;

/// <summary>Runs one line of a suite as its format asks.</summary>
internal static class Runner
{
    /// <returns>What differs from the expectation, or null.</returns>
    public static string? Run(Case test)
    {
        var variables = new Dictionary<string, CelValue>();
        if (test.Json.TryGetProperty("bindings", out var bindings))
        {
            foreach (var binding in bindings.EnumerateObject()) variables[binding.Name] = TaggedValues.Read(binding.Value);
            if (test.Json.TryGetProperty("selfSchema", out var schema) && schema.ValueKind == JsonValueKind.Object && variables.TryGetValue("self", out var self))
            {
                variables["self"] = Schemas.Typed(self, schema);
            }
        }

        var compilation = Environment(test, variables).Compile(test.Expression);
        if (!compilation.IsSuccess) return Failed(test, "compile", string.Join("; ", compilation.Issues.Select(i => i.Message)));
        if (test.Expected.TryGetProperty("deducedType", out var deduced) && CelType.Parse(deduced.GetString()!) is var type && !type.Equals(compilation.Program.Type))
        {
            return $"deduced {compilation.Program.Type}, not {type}";
        }

        if (test.Flag("checkOnly")) return null;
        var result = compilation.Program.Evaluate(variables);
        if (!result.IsSuccess) return Failed(test, "runtime", result.Error);
        if (!test.Expected.TryGetProperty("value", out var expected)) return $"gave {result.Value}, not an error";
        var value = TaggedValues.Read(expected);
        return TaggedValues.Same(value, result.Value) ? null : $"gave {result.Value.Kind} {result.Value}, not {value.Kind} {value}";
    }

    private static CelEnvironment Environment(Case test, Dictionary<string, CelValue> variables)
    {
        var environment = test.File == "spec" ? CelEnvironment.Standard : CelEnvironment.Kubernetes;
        if (test.Json.TryGetProperty("container", out var container)) environment = environment.WithContainer(container.GetString()!);
        if (test.Flag("disableCheck")) environment = environment.WithoutCheck();
        environment = environment.WithMacros(new Macros(!test.Flag("disableMacros"), blocks: test.Suite == "block_ext"));
        if (test.Json.TryGetProperty("selfSchema", out var schema) && schema.ValueKind == JsonValueKind.Object)
        {
            return environment.WithVariable("self", Schemas.TypeOf(schema, "self"));
        }

        if (test.File != "spec") return variables.Keys.Aggregate(environment, (e, name) => e.WithVariable(name, CelType.Dyn));
        foreach (var declaration in test.Json.GetProperty("typeEnv").EnumerateArray())
        {
            var name = declaration.GetProperty("name").GetString()!;
            if (declaration.TryGetProperty("ident", out var ident))
            {
                environment = environment.WithVariable(name, CelType.Parse(ident.GetProperty("type").GetString()!));
                continue;
            }

            foreach (var overload in declaration.GetProperty("function").GetProperty("overloads").EnumerateArray())
            {
                var parameters = overload.GetProperty("params").EnumerateArray().Select(p => p.GetString()!);
                var receiver = overload.GetProperty("isInstanceFunction").GetBoolean() ? "this " : "";
                var signature = $"{name}({receiver}{string.Join(", ", parameters)}): {overload.GetProperty("resultType").GetString()}";
                environment = environment.WithOverload(Overload.Declare(signature, _ => new ErrorValue("declared only")));
            }
        }

        return environment;
    }

    private static string? Failed(Case test, string phase, string message)
    {
        if (!test.Expected.TryGetProperty("error", out var error)) return $"{phase} error: {message}";
        if (!test.Expected.TryGetProperty("phase", out var expectedPhase)) return null;
        if (expectedPhase.GetString() != phase) return $"{phase} error instead of {expectedPhase.GetString()}: {message}";
        // Runners upstream wrap messages; ours must say the same at their core.
        var text = error.GetString()!;
        var same = test.Expected.GetProperty("match").GetString() == "regex" ? Regex.IsMatch(message, text) : text.Contains(message, StringComparison.Ordinal) || message.Contains(text, StringComparison.Ordinal);
        return same ? null : $"error '{message}', not '{text}'";
    }
}

using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>Compiles the rules of one place of a schema.</summary>
internal static class RuleCompiler
{
    public const string Self = "self";
    public const string OldSelf = "oldSelf";

    public static CompiledRule[] Compile(Schema schema, RuleType type, bool withCost)
    {
        var strict = CelEnvironment.Kubernetes.WithVariable(Self, type.Type).WithVariable(OldSelf, type.Type);
        var optional = strict.WithVariable(OldSelf, CelType.Optional(type.Type));
        return [.. (schema.Rules?.Maps() ?? []).Select(Rule.Read)
            .Select(r => Compile(r, schema, r.OptionalOldSelf == true ? optional : strict, type.Type, withCost))];
    }

    private static CompiledRule Compile(Rule rule, Schema schema, CelEnvironment environment, CelType self, bool withCost)
    {
        if (rule.Expression.AsSpan().Trim().IsEmpty) return new(rule);
        var compilation = environment.Compile(rule.Expression);
        if (!compilation.IsSuccess) return new(rule) { Error = "compilation failed: " + Issues(compilation) };
        if (!compilation.Program.Type.Equals(CelType.Bool)) return new(rule) { Error = "cel expression must evaluate to a bool" };
        return WithMessage(rule, environment, self, withCost, new(rule)
        {
            Program = compilation.Program,
            UsesOldSelf = compilation.Program.Variables.Contains(OldSelf),
            Cost = withCost ? compilation.EstimateCost(self).Max : 0,
            FieldPath = rule.FieldPath.Length == 0 ? null : FieldPaths.Read(rule.FieldPath, schema).Path,
        });
    }

    private static CompiledRule WithMessage(Rule rule, CelEnvironment environment, CelType self, bool withCost, CompiledRule compiled)
    {
        if (rule.MessageExpression.Length == 0) return compiled;
        var compilation = environment.Compile(rule.MessageExpression);
        if (!compilation.IsSuccess) return compiled with { MessageError = "messageExpression compilation failed: " + Issues(compilation) };
        if (!compilation.Program.Type.Equals(CelType.String)) return compiled with { MessageError = "messageExpression must evaluate to a string" };
        return compiled with { Message = compilation.Program, MessageCost = withCost ? compilation.EstimateCost(self).Max : 0 };
    }

    private static string Issues(CelCompilation compilation) => string.Join('\n', compilation.Issues.Select(i =>
        $"ERROR: <input>:{i.Line}:{i.Column}: {i.Message}\n | {i.Source.Replace('\t', ' ')}\n | {new string('.', i.Column - 1)}^"));
}

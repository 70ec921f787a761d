using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>self and oldSelf of one place, made once for all of its rules.</summary>
internal sealed class RuleVariables(object value, object? old, Schema schema, bool knowsOld)
{
    private readonly CelValue _self = RuleValues.Of(value, schema);
    private Dictionary<string, CelValue>? _plain;
    private Dictionary<string, CelValue>? _optional;

    /// <summary>Gets the variables that messages see, too: an optional oldSelf is only for rules.</summary>
    public IReadOnlyDictionary<string, CelValue> Plain => _plain ??= With(old is null || !knowsOld ? null : RuleValues.Of(old, schema));

    public IReadOnlyDictionary<string, CelValue> For(Rule rule) => rule.OptionalOldSelf == true
        ? _optional ??= With(CelValue.Optional(old is null ? null : RuleValues.Of(old, schema)))
        : Plain;

    private Dictionary<string, CelValue> With(CelValue? oldSelf)
    {
        var variables = new Dictionary<string, CelValue>(2, StringComparer.Ordinal) { [RuleCompiler.Self] = _self };
        if (oldSelf is not null) variables[RuleCompiler.OldSelf] = oldSelf;
        return variables;
    }
}

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>The places of a schema that have rules there or below. Each place compiles its rules when a value first gets there.</summary>
internal sealed class RuleTree
{
    private readonly RuleTypes _types;
    private readonly Lazy<CompiledRule[]> _rules;

    public RuleTree(Schema root) : this(root, new RuleTypes())
    {
    }

    private RuleTree(Schema schema, RuleTypes types)
    {
        Schema = schema;
        _types = types;
        _rules = new Lazy<CompiledRule[]>(Compile);
        Items = schema.Items is { HasRulesBelow: true } items ? new(items, types) : null;
        Values = schema.AdditionalProperties is { HasRulesBelow: true } values ? new(values, types) : null;
        var properties = schema.Properties.AsEnumerable();
        if (schema.DeclaredMetadata is { } metadata) properties = properties.Append(KeyValuePair.Create("metadata", metadata));
        Properties = [.. properties.Where(p => p.Value.HasRulesBelow).Select(p => KeyValuePair.Create(p.Key, new RuleTree(p.Value, types)))];
    }

    public Schema Schema { get; }

    public RuleTree? Items { get; }

    public RuleTree? Values { get; }

    public KeyValuePair<string, RuleTree>[] Properties { get; }

    public CompiledRule[] Rules => Schema.Rules is null ? [] : _rules.Value;

    private CompiledRule[] Compile()
    {
        RuleType? type;
        lock (_types) type = _types.Of(Schema);
        return type is null ? [] : RuleCompiler.Compile(Schema, type, withCost: false);
    }
}

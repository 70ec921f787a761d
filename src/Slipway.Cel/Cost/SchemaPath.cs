namespace Slipway.Cel.Cost;

/// <summary>
/// Where in the declared type a part of an expression lies, which says how large it can be. The first step names a variable and every
/// path starts at the root type, as k8s.io/apiextensions-apiserver counts; so paths of computed lists start there, too.
/// </summary>
internal readonly record struct SchemaPath(bool IsKnown, CelType? Node)
{
    public const string Items = "@items";
    public const string Keys = "@keys";
    public const string Values = "@values";

    public CelCostEstimate? Size => IsKnown && Node is not null ? new CelCostEstimate(0, (ulong)Node.MaxSize) : null;

    public SchemaPath Then(string step, CelType root) => IsKnown ? new(true, Step(step)) : new(true, root);

    private CelType? Step(string step) => (Node?.Name, step) switch
    {
        ("list", Items or Values) => Node.Parameters[0],
        ("map", Items or Values) => Node.Parameters[1],
        ("map", Keys) => Node.Parameters[0],
        _ => Node?.Fields?.GetValueOrDefault(step),
    };
}

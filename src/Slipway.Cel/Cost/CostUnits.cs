namespace Slipway.Cel.Cost;

/// <summary>What things cost in Kubernetes' units, before and at evaluation alike.</summary>
internal static class CostUnits
{
    public const ulong Select = 1;
    public const ulong List = 10;
    public const ulong Map = 30;

    /// <summary>Of one character that is read once.</summary>
    public const double Text = 0.1;

    /// <summary>Of one character of a pattern, for each unit of text that it is held against.</summary>
    public const double Pattern = 0.25;

    /// <summary>Length that is assumed for the pattern behind a named format.</summary>
    public const double NamedPattern = 128;

    /// <summary>
    /// Of the loop's own work in one round: reading the accumulator, asking whether to go on, combining. Where a round may add nothing,
    /// what adding takes.
    /// </summary>
    public static ulong Round(Syntax.LoopKind kind) => kind switch
    {
        Syntax.LoopKind.All => 3,
        Syntax.LoopKind.Exists => 4,
        Syntax.LoopKind.ExistsOne => 2,
        Syntax.LoopKind.TransformMap => 3,
        Syntax.LoopKind.TransformMapEntry => 2,
        _ => 12,
    };
}

using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>A rule made ready, or why it cannot be.</summary>
internal sealed record CompiledRule(Rule Rule)
{
    public CelProgram? Program { get; init; }

    public string? Error { get; init; }

    public CelProgram? Message { get; init; }

    public string? MessageError { get; init; }

    public bool UsesOldSelf { get; init; }

    /// <summary>Gets where a fault is reported, below the place of the rule; null for that place.</summary>
    public string? FieldPath { get; init; }

    /// <summary>Gets what the rule costs at most; 0 unless costs were asked for.</summary>
    public ulong Cost { get; init; }

    public ulong MessageCost { get; init; }
}

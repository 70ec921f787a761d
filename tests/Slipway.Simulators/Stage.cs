namespace Slipway.Simulators;

/// <summary>How far a simulated operator takes an object.</summary>
public enum Stage
{
    /// <summary>All the way: pods run, the model answers.</summary>
    Ready,

    /// <summary>Its pods find no node.</summary>
    Unschedulable,

    /// <summary>Its pods run, but the engine is still loading.</summary>
    Loading,

    /// <summary>Its engine stops after every start.</summary>
    Crashing,

    /// <summary>It fails in the operator's own way, with the operator's own words.</summary>
    Failed,

    /// <summary>Nothing happens at all: the operator is not running. Objects that are deleted keep its finalizer.</summary>
    OperatorGone,
}

namespace Slipway.Operator.Keeping;

/// <summary>Where the operator keeps what it has learned and counted.</summary>
public static class OperatorNamespace
{
    /// <summary>Its namespace, unless it was installed in another.</summary>
    public const string Usual = "slipway-system";

    /// <summary>The ConfigMap of what was learned about speed.</summary>
    public const string Speed = "slipway-speed";

    /// <summary>The ConfigMap of what was spent.</summary>
    public const string Costs = "slipway-costs";
}

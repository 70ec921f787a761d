namespace Slipway.Gateway.Routing;

/// <summary>What requests can say of where they are to go, beside the model's name.</summary>
public static class Routes
{
    /// <summary>Names the deployment that is to answer, as namespace/name, whatever the weights: for comparing two that share a model name.</summary>
    public const string DeploymentHeader = "Slipway-Deployment";

    /// <summary>What belongs together stays together: requests of one session are answered by one side of a rollout.</summary>
    public const string SessionHeader = "Slipway-Session";
}

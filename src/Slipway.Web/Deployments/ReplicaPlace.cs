namespace Slipway.Web.Deployments;

/// <summary>A pod of a deployment, and where it is.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Node">The node; null while it has none.</param>
/// <param name="State"><c>Ready</c>, or how far it is.</param>
/// <param name="Message">What it waits for; null where nothing is to be said.</param>
/// <param name="Restarts">How often its containers were started again.</param>
public sealed record ReplicaPlace(string Pod, string? Node, string State, string? Message, int Restarts);

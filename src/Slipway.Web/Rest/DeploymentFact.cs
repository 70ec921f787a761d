using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;

namespace Slipway.Web.Rest;

/// <summary>A deployment as the REST API says it.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model; null when it is inside the image.</param>
/// <param name="State">In a word: <c>Running</c>, <c>Starting</c>, <c>Waiting</c>, <c>Failed</c>, <c>Stopped</c> or <c>Going</c>.</param>
/// <param name="Ready">Whether it answers.</param>
/// <param name="ReadyReplicas">Replicas that answer.</param>
/// <param name="Replicas">Replicas that are wanted.</param>
/// <param name="Message">What is going on, in words.</param>
/// <param name="Engine">The engine; null until it is chosen.</param>
/// <param name="Runtime">The runtime; null until it is chosen.</param>
/// <param name="ServedName">The name in requests.</param>
/// <param name="Created">When it was declared.</param>
/// <param name="ResourceVersion">Changes with the object.</param>
/// <param name="Conditions">Its conditions.</param>
public sealed record DeploymentFact(
    string Namespace, string Name, string? Model, string State, bool Ready, int ReadyReplicas, int Replicas, string? Message, string? Engine, string? Runtime, string ServedName, DateTimeOffset? Created, string? ResourceVersion,
    IReadOnlyList<ConditionFact> Conditions)
{
    internal static DeploymentFact Of(ModelDeployment deployment) => new(
        deployment.Metadata.Namespace ?? "default", deployment.Metadata.Name ?? "", deployment.Spec.Model.Id, deployment.State(), deployment.IsReady(), deployment.Status?.Replicas?.Ready ?? 0, deployment.Wanted(),
        deployment.Status?.Message, deployment.Status?.Engine?.Type?.Name(), deployment.Status?.Provider?.Name, ServedModel.RoutedName(deployment), deployment.Metadata.CreationTimestamp, deployment.Metadata.ResourceVersion,
        [.. (deployment.Status?.Conditions ?? []).Select(static c => new ConditionFact(c.Type, c.Status.ToString(), c.Reason, c.Message))]);
}

/// <summary>A condition.</summary>
/// <param name="Type">What it is about.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">Why, as one word.</param>
/// <param name="Message">Why, in words, with what to do.</param>
public sealed record ConditionFact(string Type, string Status, string? Reason, string? Message);

/// <summary>Deployments.</summary>
/// <param name="Deployments">By namespace and name.</param>
public sealed record DeploymentsAnswer(IReadOnlyList<DeploymentFact> Deployments);

/// <summary>Something that was asked for and is on its way: what comes of it is told by <c>events</c>, or by reading it again.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record Accepted(string Namespace, string Name);

/// <summary>How many replicas are wanted.</summary>
/// <param name="Replicas">How many; 0 stops it.</param>
public sealed record ScaleRequest(int? Replicas);

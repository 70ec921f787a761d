using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Names, labels and ports of model servers.</summary>
internal static class ServerNames
{
    /// <summary>Which part of a deployment a pod is; selectors, which can never change, are made of it and the deployment's name.</summary>
    public const string ComponentLabel = "slipway.dev/component";

    /// <summary>The component that answers requests.</summary>
    public const string Model = "model";

    /// <summary>The port of the Service, and of the pods behind it.</summary>
    public const int Port = 8000;

    /// <summary>The name of the engine's own port in its container.</summary>
    public const string PortName = "modelserver";

    /// <summary>LWS gives it to every pod of a group; the first is "0".</summary>
    public const string WorkerIndexLabel = "leaderworkerset.sigs.k8s.io/worker-index";

    // A Service's name is a DNS label; so is the value of the label that carries the deployment's name.
    private const int Label = 63;

    // Every StatefulSet that LWS makes is called NAME-GROUP, and the controller's revision label on its pods adds 11 characters to that:
    // three are left for the group.
    private const int LeaderWorkerSet = 49;

    /// <summary>
    /// The name of a further object. With a digest in it, since another deployment in the namespace may well be called NAME-prefill,
    /// and its objects bear its name.
    /// </summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="part">What it is for; empty for the bare name.</param>
    public static string Of(ModelDeployment deployment, string part) => deployment.Metadata.Name + Suffix(deployment, part);

    /// <summary>What <see cref="Of"/> adds to the deployment's name.</summary>
    public static string Suffix(ModelDeployment deployment, string part) =>
        part.Length == 0 ? "" : $"-{part}-{Rendered.Digest(deployment.Metadata.Name ?? "")[..5]}";

    /// <summary>The name of what runs a role.</summary>
    /// <remarks>LWS makes a headless Service of its own name, which a Service for requests of that name would keep it from doing.</remarks>
    public static string Workload(ModelDeployment deployment, ServerRole role) => deployment.Metadata.Name + WorkloadSuffix(deployment, role);

    /// <summary>What <see cref="Workload"/> adds to the deployment's name.</summary>
    public static string WorkloadSuffix(ModelDeployment deployment, ServerRole role) => Suffix(deployment, role switch
    {
        { SpansNodes: true, Component: Model } => "group",
        { Component: Model } => "",
        _ => role.Component,
    });

    /// <summary>Names a deployment's name when Kubernetes would not take those made of it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="services">Parts for which there are further Services.</param>
    public static IEnumerable<UnsupportedField> Check(ModelDeployment deployment, IEnumerable<ServerRole> roles, params IEnumerable<string> services)
    {
        var name = deployment.Metadata.Name ?? "";
        var most = roles.Select(r => (r.SpansNodes ? LeaderWorkerSet : Label) - WorkloadSuffix(deployment, r).Length)
            .Concat(services.Select(s => Label - Suffix(deployment, s).Length))
            .Append(Label).Min();
        if (name.Length > most) yield return new UnsupportedField("metadata.name", $"is too long for the objects that are named after it: use at most {most} characters", Blocking: true);
        if (name.Length > 0 && !char.IsAsciiLetterLower(name[0]))
            yield return new UnsupportedField("metadata.name", "does not start with a letter, as the name of a Service must", Blocking: true);
    }

    /// <summary>The labels that select the pods of a component.</summary>
    public static (string Key, string Value)[] Selector(ModelDeployment deployment, string component) =>
        [(RuntimeDescriptor.DeploymentLabel, deployment.Metadata.Name!), (ComponentLabel, component)];
}

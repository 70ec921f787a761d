using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Which kinds do more than their schema says.</summary>
internal static class Strategies
{
    public static KindStrategy For(string group, string kind) => (group, kind) switch
    {
        ("", "Namespace") => new NamespaceStrategy(),
        ("", "Secret") => new SecretStrategy(),
        ("", "ConfigMap") => new ConfigMapStrategy(),
        ("", "Service") => new ServiceStrategy(),
        ("", "Pod") => new PodStrategy(),
        ("", "Event") => new PlainStrategy(),
        ("events.k8s.io", "Event") => new EventViewStrategy(),
        ("", "PersistentVolumeClaim") => new ClaimStrategy(),
        ("", "PersistentVolume") => new VolumeStrategy(),
        ("apps", "Deployment") => new DeploymentStrategy(),
        ("apps", "ReplicaSet") => new WorkloadStrategy("replicas"),
        ("apps", "StatefulSet") => new StatefulSetStrategy(),
        ("apps", "DaemonSet") => new DaemonSetStrategy(),
        ("batch", "Job") => new JobStrategy(),
        ("batch", "CronJob") => new CronJobStrategy(),
        ("autoscaling", _) => new AutoscalerStrategy(),
        ("networking.k8s.io", "NetworkPolicy") => new NetworkPolicyStrategy(),
        ("networking.k8s.io", "Ingress") => new CountedStrategy(() => new() { ["loadBalancer"] = new JsonMap() }),
        ("policy", "PodDisruptionBudget") =>
            new CountedStrategy(() => new() { ["currentHealthy"] = 0L, ["desiredHealthy"] = 0L, ["disruptionsAllowed"] = 0L, ["expectedPods"] = 0L }),
        (Authorizer.Group, "Role" or "ClusterRole") => new RoleStrategy(),
        (Authorizer.Group, _) => new BindingStrategy(namespaced: kind == "RoleBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration") => new WebhookConfigurationStrategy(),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy") => new PolicyStrategy(),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding") => new PolicyBindingStrategy(),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => new CrdStrategy(),
        ("apps" or "batch" or "networking.k8s.io" or "policy" or "resource.k8s.io" or "scheduling.k8s.io" or "admissionregistration.k8s.io", _) => KindStrategy.None,
        _ => new PlainStrategy(),
    };
}

/// <summary>A kind without a desired state to count changes of.</summary>
internal class PlainStrategy : KindStrategy
{
    public override bool CountsGenerations => false;
}

/// <summary>Custom resources: a version must be given to update one.</summary>
internal sealed class CustomStrategy : KindStrategy
{
    public static readonly CustomStrategy Instance = new();

    public override bool AllowsUnconditionalUpdate => false;
}

using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Kinds.Cluster;
using Slipway.ApiServer.Kinds.Devices;
using Slipway.ApiServer.Kinds.Networking;
using Slipway.ApiServer.Kinds.Scheduling;
using Slipway.ApiServer.Kinds.Services;
using Slipway.ApiServer.Kinds.Storage;
using Slipway.ApiServer.Kinds.Workloads;

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
        ("", "Event") => new EventStrategy(),
        ("events.k8s.io", "Event") => new EventViewStrategy(),
        ("", "PersistentVolumeClaim") => new ClaimStrategy(),
        ("", "PersistentVolume") => new VolumeStrategy(),
        ("apps", "Deployment") => new DeploymentStrategy(),
        ("apps", "ReplicaSet") => WorkloadStrategy.ReplicaSets,
        ("apps", "StatefulSet") => new StatefulSetStrategy(),
        ("apps", "DaemonSet") => new DaemonSetStrategy(),
        ("batch", "Job") => new JobStrategy(),
        ("batch", "CronJob") => new CronJobStrategy(),
        ("autoscaling", _) => new AutoscalerStrategy(),
        ("networking.k8s.io", "NetworkPolicy") => new NetworkPolicyStrategy(),
        ("networking.k8s.io", "Ingress") => new IngressStrategy(),
        ("policy", "PodDisruptionBudget") => new DisruptionBudgetStrategy(),
        ("", "PodTemplate") => new PodTemplateStrategy(),
        ("", "ReplicationController") => new ReplicationControllerStrategy(),
        ("", "Endpoints") => new EndpointsStrategy(),
        ("discovery.k8s.io", "EndpointSlice") => new EndpointSliceStrategy(),
        ("networking.k8s.io", "IngressClass") => new IngressClassStrategy(),
        ("", "Node") => new NodeStrategy(),
        ("", "ResourceQuota") => new QuotaStrategy(),
        ("", "LimitRange") => new LimitRangeStrategy(),
        ("scheduling.k8s.io", "PriorityClass") => new PriorityClassStrategy(),
        ("storage.k8s.io", "StorageClass") => new StorageClassStrategy(),
        ("storage.k8s.io", "CSIDriver") => new StorageDriverStrategy(),
        ("node.k8s.io", "RuntimeClass") => new RuntimeClassStrategy(),
        ("coordination.k8s.io", "Lease") => new LeaseStrategy(),
        ("apps", "ControllerRevision") => new RevisionStrategy(),
        ("resource.k8s.io", "ResourceClaim") => new ResourceClaimStrategy(),
        ("resource.k8s.io", "ResourceClaimTemplate") => new ResourceClaimTemplateStrategy(),
        ("resource.k8s.io", "DeviceClass") => new DeviceClassStrategy(),
        ("resource.k8s.io", "ResourceSlice") => new ResourceSliceStrategy(),
        ("scheduling.k8s.io", "Workload") => new WorkloadGroupsStrategy(),
        ("scheduling.k8s.io", "PodGroup") => new PodGroupStrategy(),
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

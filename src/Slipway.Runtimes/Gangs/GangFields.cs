namespace Slipway.Runtimes.Gangs;

/// <summary>The fields of a PodGroup behind feature gates of their own; a server drops each whose gate is off.</summary>
[Flags]
public enum GangFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>`schedulingConstraints`: all pods on nodes with one value of a label (TopologyAwareWorkloadScheduling).</summary>
    Topology = 1,

    /// <summary>`resourceClaims`: claims that all pods share (DRAWorkloadResourceClaims).</summary>
    Claims = 2,

    /// <summary>`priorityClassName`: from Kubernetes 1.37 the same as that of the pods (WorkloadAwarePreemption in 1.36).</summary>
    Priority = 4,

    /// <summary>`disruptionMode`: whether pods are evicted for others one by one or as a whole (WorkloadAwarePreemption in 1.36).</summary>
    Disruption = 8,

    /// <summary>All of them.</summary>
    All = Topology | Claims | Priority | Disruption,
}

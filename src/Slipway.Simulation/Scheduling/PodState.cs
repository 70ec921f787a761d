using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>A pod as the scheduler sees it.</summary>
internal sealed class PodState
{
    private readonly PodFacts _facts;

    private PodState(PodFacts facts, JsonElement json)
    {
        (_facts, Json) = (facts, json);
        Key = new(facts.Namespace, facts.Name);
        Uid = json.Text("metadata", "uid");
        Node = facts.Node;
        Group = Spec.Text("schedulingGroup", "podGroupName");
        Priority = Spec.At("priority") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var given) ? given : 0;
        IsDeleting = json.At("metadata", "deletionTimestamp").ValueKind is JsonValueKind.String;
    }

    public JsonElement Json { get; }

    public JsonElement Spec => Json.At("spec");

    public NamespacedName Key { get; }

    public string Uid { get; }

    public ImmutableDictionary<string, string> Labels => _facts.Labels;

    public ResourceAmounts Requests => _facts.Requests;

    public DateTimeOffset Created => _facts.Created ?? DateTimeOffset.MaxValue;

    public long Priority { get; }

    /// <summary>The name of its gang; empty when it has none.</summary>
    public string Group { get; }

    /// <summary>Its node; empty while it has none. Set as it is placed.</summary>
    public string Node { get; set; }

    public bool IsDeleting { get; }

    /// <summary>Whether this scheduler is asked for a node.</summary>
    public bool IsWaiting => Node.Length == 0 && !IsDeleting && Spec.Text("schedulerName") is "" or "default-scheduler" && !Spec.Items("schedulingGates").Any();

    /// <summary>Reads a pod; null when it holds nothing any more.</summary>
    public static PodState? Read(JsonElement json) => PodReader.Read(json) is { Holds: true } facts ? new(facts, json) : null;

    /// <summary>What it takes of a node's extended resources: devices that it has by a claim are not the device plugin's.</summary>
    public ResourceAmounts OnNode(NodeState node) =>
        Requests.Extended.IsEmpty || Requests.Extended.All(r => node.Facts.Allocatable[r.Key] > 0) ? Requests : Requests with { Extended = [.. Requests.Extended.Where(r => node.Facts.Allocatable[r.Key] > 0)] };

    /// <summary>Extended resources, container by container, for the claim that stands for them.</summary>
    public IEnumerable<(int Container, string Name, string Resource, long Count)> ExtendedByContainer()
    {
        var index = 0;
        foreach (var container in Spec.Items("initContainers").Concat(Spec.Items("containers")))
        {
            foreach (var (resource, count) in container.At("resources", "limits").Amounts().Extended) yield return (index, container.Text("name"), resource, count);
            index++;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key} ({Priority})");
}

using System.Text.Json.Nodes;

namespace Slipway.Runtimes.Gangs;

/// <summary>What a gang is to be.</summary>
/// <param name="Pods">Pods of a replica.</param>
/// <param name="Kept">The fields that the cluster keeps; what needs others is left out.</param>
internal sealed record GangContent(int Pods, GangFields Kept)
{
    /// <summary>How containers refer to the claim that the pods share.</summary>
    public const string SharedClaim = "replica";

    /// <summary>A label of nodes of which all its pods have one value.</summary>
    public string? TopologyKey { get; init; }

    /// <summary>The template of the claim that its pods share.</summary>
    public string? ClaimTemplate { get; init; }

    /// <summary>The PriorityClass of its pods.</summary>
    public string? PriorityClass { get; init; }

    /// <summary>The fields that a group and the template that it is made by have in common.</summary>
    /// <param name="dialect">How the cluster says it.</param>
    public JsonObject Fields(GangDialect dialect)
    {
        var fields = new JsonObject { ["schedulingPolicy"] = new JsonObject { ["gang"] = new JsonObject { ["minCount"] = Pods } } };
        if (TopologyKey is not null && Kept.HasFlag(GangFields.Topology)) fields["schedulingConstraints"] = new JsonObject { ["topology"] = new JsonArray(new JsonObject { ["key"] = TopologyKey }) };
        if (ClaimTemplate is not null && Kept.HasFlag(GangFields.Claims)) fields["resourceClaims"] = new JsonArray(Claim(ClaimTemplate));
        // An engine that loses one of its nodes has nothing left to answer with: none of them is spared.
        if (Kept.HasFlag(GangFields.Disruption)) fields["disruptionMode"] = dialect == GangDialect.V1Alpha2 ? "PodGroup" : new JsonObject { ["all"] = new JsonObject() };
        if (PriorityClass is not null && Kept.HasFlag(GangFields.Priority)) fields["priorityClassName"] = PriorityClass;
        return fields;
    }

    /// <summary>The entry by which a pod shares the claim of its group: it has to be the same in both, name and template.</summary>
    public static JsonObject Claim(string template) => new() { ["name"] = SharedClaim, ["resourceClaimTemplateName"] = template };
}

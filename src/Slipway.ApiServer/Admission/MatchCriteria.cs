using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Admission;

/// <summary>Which requests something is about: by resource, by the labels of their namespace and of their object.</summary>
internal sealed class MatchCriteria
{
    private readonly IReadOnlyList<ResourceRule> _rules;
    private readonly IReadOnlyList<ResourceRule> _excluded;
    private readonly bool _equivalent;
    private readonly ObjectSelector _namespaces;
    private readonly ObjectSelector _objects;

    private MatchCriteria(JsonMap json, JsonList? rules, JsonList? excluded)
    {
        _rules = ResourceRule.Read(rules);
        _excluded = ResourceRule.Read(excluded);
        _equivalent = json.Text("matchPolicy") != "Exact";
        _namespaces = ObjectSelector.Read(json.Map("namespaceSelector"));
        _objects = ObjectSelector.Read(json.Map("objectSelector"));
    }

    /// <summary>Gets whether no rule narrows what it is about, as in a binding that leaves that to its policy.</summary>
    public bool IsOpen => _rules.Count == 0;

    public static MatchCriteria OfWebhook(JsonMap webhook) => new(webhook, webhook.List("rules"), null);

    public static MatchCriteria OfPolicy(JsonMap resources) => new(resources, resources.List("resourceRules"), resources.List("excludeResourceRules"));

    /// <summary>Finds the resource that the rules match.</summary>
    /// <param name="registry">What is served.</param>
    /// <param name="asked">The request's own resource.</param>
    /// <param name="operation">What is done.</param>
    /// <param name="name">The object's name; <see langword="null"/> asks whether any name could match.</param>
    public MatchedResource? Find(RegistrySnapshot registry, MatchedResource asked, string operation, string? name)
    {
        if (name is not null && Find(_excluded, registry, asked, operation, name) is not null) return null;
        return _rules.Count == 0 ? asked : Find(_rules, registry, asked, operation, name);
    }

    /// <summary>Gets whether the namespace's and the object's labels are chosen.</summary>
    public bool Chooses(AdmissionAttributes attributes, NamespaceLabels namespaces)
    {
        if (!_namespaces.IsEmpty && namespaces.Of(attributes) is { } labels && !_namespaces.Matches(labels)) return false;
        return _objects.IsEmpty || (attributes.Object is { } value && _objects.Matches(value)) || (attributes.OldObject is { } old && _objects.Matches(old));
    }

    private MatchedResource? Find(IReadOnlyList<ResourceRule> rules, RegistrySnapshot registry, MatchedResource asked, string operation, string? name)
    {
        foreach (var rule in rules)
            if (Matches(rule, asked, operation, name)) return asked;
        if (!_equivalent || rules.Count == 0) return null;
        var equivalents = MatchedResource.Equivalents(registry, asked.Type, asked.Version, asked.Subresource).ToList();
        if (equivalents.Count == 0) return null;
        foreach (var rule in rules)
        {
            foreach (var other in equivalents)
                if (Matches(rule, other, operation, name)) return other;
        }

        return null;
    }

    private static bool Matches(ResourceRule rule, MatchedResource resource, string operation, string? name) =>
        rule.Matches(operation, resource.Resource, resource.Subresource, resource.Type.Namespaced) && (name is null || rule.IsAbout(name));
}

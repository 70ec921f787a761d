using System.Runtime.CompilerServices;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authorization;

/// <summary>A role as read from its object.</summary>
internal sealed record Role(string Namespace, string Name, PolicyRule[] Rules)
{
    private static readonly ConditionalWeakTable<StoredObject, Role> s_read = [];

    /// <summary>Reads a stored role; once, since a stored object never changes.</summary>
    public static Role Of(StoredObject stored) =>
        s_read.GetValue(stored, static s => new(s.Namespace, s.Name, PolicyRule.ListOf(s.Parse())));
}

/// <summary>The role that a binding gives.</summary>
internal readonly record struct RoleReference(string Kind, string Name)
{
    public static RoleReference Of(JsonMap? json) => new(json?.Text("kind") ?? "", json?.Text("name") ?? "");
}

/// <summary>Whom a binding gives its role.</summary>
internal readonly record struct Subject(string Kind, string Name, string Namespace)
{
    /// <summary>Gets the user that the subject stands for, or <see langword="null"/> for a group.</summary>
    public string? User => Kind switch
    {
        "User" => Name,
        "ServiceAccount" when Namespace.Length > 0 => Identities.AccountUser(Namespace, Name),
        _ => null,
    };
}

/// <summary>A binding as read from its object.</summary>
internal sealed record Binding(string Namespace, string Name, RoleReference Role, Subject[] Subjects)
{
    private static readonly ConditionalWeakTable<StoredObject, Binding> s_read = [];

    public static Binding Of(StoredObject stored) => s_read.GetValue(stored, static s =>
    {
        var json = s.Parse();
        return new(s.Namespace, s.Name, RoleReference.Of(json.Map("roleRef")), [.. (json.List("subjects")?.Maps() ?? []).Select(m =>
            // A binding of a namespace may leave out its own.
            new Subject(m.Text("kind") ?? "", m.Text("name") ?? "", m.Text("namespace") is { Length: > 0 } ns ? ns : s.Namespace))]);
    });
}

/// <summary>What one subject of one binding holds.</summary>
internal sealed record Grant(Binding Binding, Subject Subject, PolicyRule[] Rules, string? Missing)
{
    public string Reason => $"RBAC: allowed by {Describe()}";

    private string Describe()
    {
        var whom = Subject.Kind == "ServiceAccount" ? $"{Subject.Kind} \"{Subject.Name}/{Subject.Namespace}\"" : $"{Subject.Kind} \"{Subject.Name}\"";
        var what = Binding.Namespace.Length > 0 ? $"RoleBinding \"{Binding.Name}/{Binding.Namespace}\"" : $"ClusterRoleBinding \"{Binding.Name}\"";
        return $"{what} of {Binding.Role.Kind} \"{Binding.Role.Name}\" to {whom}";
    }
}

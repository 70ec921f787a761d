using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Authentication;

/// <summary>The names of users and groups that have a meaning of their own (Kubernetes documentation, "Authenticating").</summary>
internal static class Identities
{
    public const string Anonymous = "system:anonymous";
    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";
    public const string Masters = "system:masters";
    public const string Nodes = "system:nodes";
    public const string ServiceAccounts = "system:serviceaccounts";
    public const string CredentialId = "authentication.kubernetes.io/credential-id";
    public const string PodName = "authentication.kubernetes.io/pod-name";
    public const string PodUid = "authentication.kubernetes.io/pod-uid";
    public const string NodeName = "authentication.kubernetes.io/node-name";
    public const string NodeUid = "authentication.kubernetes.io/node-uid";

    private const string AccountPrefix = "system:serviceaccount:";
    private const string NodePrefix = "system:node:";

    public static string AccountUser(string @namespace, string name) => $"{AccountPrefix}{@namespace}:{name}";

    public static IReadOnlyList<string> AccountGroups(string @namespace) => [ServiceAccounts, $"{ServiceAccounts}:{@namespace}"];

    /// <returns>Namespace and name when the user is a service account.</returns>
    public static (string Namespace, string Name)? Account(string user)
    {
        if (!user.StartsWith(AccountPrefix, StringComparison.Ordinal)) return null;
        var parts = user[AccountPrefix.Length..].Split(':');
        return parts.Length == 2 && Names.LabelFault(parts[0]) is null && Names.SubdomainFault(parts[1]) is null ? (parts[0], parts[1]) : null;
    }

    /// <returns>The node's name when the user is a node.</returns>
    public static string? Node(string user) =>
        user.StartsWith(NodePrefix, StringComparison.Ordinal) && Names.SubdomainFault(user[NodePrefix.Length..]) is null ? user[NodePrefix.Length..] : null;
}

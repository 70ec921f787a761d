namespace Slipway.Web.Access.Members;

/// <summary>Somebody whom a cluster's roles let do something with the models of a namespace.</summary>
/// <param name="Kind"><c>User</c>, <c>Group</c> or <c>ServiceAccount</c>.</param>
/// <param name="Name">Their name; of an account with its namespace, as <c>team-a/alice</c>.</param>
/// <param name="May">What they may, of what tables show of rights, in its order.</param>
/// <param name="By">The bindings that give it to them, as <c>rolebinding/models</c>.</param>
public sealed record Member(string Kind, string Name, IReadOnlyList<Right> May, IReadOnlyList<string> By);

/// <summary>Who may do something in a namespace.</summary>
/// <param name="All">Those that are known, who may most first.</param>
/// <param name="Gap">What could not be read, so that there may be others; null where that is all.</param>
public sealed record MemberList(IReadOnlyList<Member> All, string? Gap);

/// <summary>Says who may see and change the models of a namespace.</summary>
public interface IMembers
{
    /// <summary>Whether there is more than one person to tell of.</summary>
    bool AreThere { get; }

    /// <summary>Reads the roles that hold in a namespace, with the rights of the person at the page.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Slipway.Kubernetes.Connection.KubeApiException">The API refused.</exception>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    Task<MemberList> OfAsync(string space, CancellationToken cancellationToken);
}

/// <summary>Where nobody signs in, the page's user is the one who started the program.</summary>
public sealed class NoMembers : IMembers
{
    /// <inheritdoc/>
    public bool AreThere => false;

    /// <inheritdoc/>
    public Task<MemberList> OfAsync(string space, CancellationToken cancellationToken) => Task.FromResult(new MemberList([], null));
}

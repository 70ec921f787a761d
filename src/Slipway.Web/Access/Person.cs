namespace Slipway.Web.Access;

/// <summary>Somebody, as the Kubernetes API knows them.</summary>
/// <param name="Name">The name that its roles and its audit log use.</param>
/// <param name="Groups">The groups that they are in.</param>
public sealed record Person(string Name, IReadOnlyList<string> Groups)
{
    private const string Account = "system:serviceaccount:";

    /// <summary>The name where there is little room: of a service account, its own.</summary>
    public string ShortName => Name.StartsWith(Account, StringComparison.Ordinal) && Name[Account.Length..].Split(':') is [var space, var own] ? $"{own} in {space}" : Name;
}

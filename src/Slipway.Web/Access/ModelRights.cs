namespace Slipway.Web.Access;

/// <summary>What one may do with the models of a namespace, as tables show it.</summary>
internal static class ModelRights
{
    /// <summary>The rights with their words, in order.</summary>
    public static IReadOnlyList<(string What, Right Right)> All { get; } =
    [
        ("See", Right.SeeDeployments), ("Deploy", Right.Deploy), ("Change", Right.Change), ("Scale", Right.Scale), ("Delete", Right.Delete), ("Read logs", Right.ReadLogs), ("Decide on rollouts", Right.Decide),
    ];
}

using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access;

/// <summary>What one may do with the models of a namespace, as tables show it.</summary>
internal static class ModelRights
{
    /// <summary>The rights with their words, in order.</summary>
    public static IReadOnlyList<(string What, Right Right)> All { get; } =
    [
        (N("See"), Right.SeeDeployments), (N("Deploy"), Right.Deploy), (N("Change"), Right.Change), (N("Scale"), Right.Scale), (N("Delete"), Right.Delete), (N("Read logs"), Right.ReadLogs), (N("Decide on rollouts"), Right.Decide),
    ];
}

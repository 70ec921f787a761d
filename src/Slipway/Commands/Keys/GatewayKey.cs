namespace Slipway.Commands.Keys;

/// <summary>The key that commands ask the gateway of this machine by.</summary>
internal static class GatewayKey
{
    /// <summary>The variable that names a key to use in place of the owner's.</summary>
    public const string Variable = "SLIPWAY_API_KEY";

    /// <summary>The one that the variable names; else the owner's, who has the data directory; null for neither.</summary>
    public static string? Of(Reach reach) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : reach.Data.ReadOwnKey();
}

using Slipway.ApiServer.Authentication.StandingObjects;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>Keeps the rules of cluster roles that gather others' up to date.</summary>
internal sealed class RoleAggregation(SystemObjects objects)
{
    public async Task EnsureAsync()
    {
        var roles = objects.Bucket(Authorizer.Group, "clusterroles").Current.Objects;
        List<JsonMap>? all = null;
        foreach (var stored in roles)
        {
            if (stored.Bytes.AsSpan().IndexOf("\"aggregationRule\""u8) < 0) continue;
            all ??= [.. roles.Select(r => r.Parse())];
            // A role may gather one that gathers: its write leads here again until nothing changes.
            if (Aggregation.Changed(stored.Parse(), all) is { } rules)
                await objects.UpdateAsync(Authorizer.Group, "clusterroles", stored, next => next["rules"] = rules);
        }
    }
}

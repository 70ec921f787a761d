using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authorization;

/// <summary>Stores the default roles and bindings at the start, and gives back to them what they lost meanwhile.</summary>
internal static class BootstrapRbac
{
    /// <summary>Who sets this annotation to "false" keeps a default object as it is.</summary>
    public const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    public static Task EnsureAsync(ObjectStore store, ResourceRegistry registry, TimeProvider time)
    {
        var (roles, bindings) = BootstrapPolicy.Read();
        return Task.WhenAll([
            .. roles.Select(r => EnsureAsync(store, registry.Current.Find(Authorizer.Group, "clusterroles")!, r, CompleteRole, time)),
            .. bindings.Select(b => EnsureAsync(store, registry.Current.Find(Authorizer.Group, "clusterrolebindings")!, b, CompleteBinding, time)),
        ]);
    }

    private static async Task EnsureAsync(ObjectStore store, ResourceType type, JsonMap wanted, Func<JsonMap, JsonMap, bool> complete, TimeProvider time)
    {
        var bucket = store.Bucket(type.BucketName);
        var key = "/" + wanted.Text("metadata", "name");
        if (bucket.Find(key) is not { } stored)
        {
            MetadataRules.Begin(wanted.Map("metadata")!, time.GetUtcNow());
            await store.WriteAsync(bucket, key, null, EncodedObject.From(wanted), type);
            return;
        }

        var value = stored.Parse();
        if (value.Map("metadata", "annotations")?.Text(AutoUpdate) != "true" || !complete(value, wanted)) return;
        await store.WriteAsync(bucket, key, stored, EncodedObject.From(value), type);
    }

    private static bool CompleteRole(JsonMap role, JsonMap wanted)
    {
        // What an aggregated role holds follows from others.
        if (wanted.ContainsKey("aggregationRule")) return false;
        var held = PolicyRule.ListOf(role);
        var missing = wanted.List("rules")!.Maps().Where(r => Coverage.Missing(held, [PolicyRule.Of(r)]).Count > 0).ToList();
        if (missing.Count == 0) return false;
        if (role.List("rules") is not { } rules) role["rules"] = rules = new JsonList();
        rules.AddRange(missing);
        return true;
    }

    private static bool CompleteBinding(JsonMap binding, JsonMap wanted)
    {
        var has = binding.List("subjects") ?? new JsonList();
        var missing = (wanted.List("subjects")?.Maps() ?? []).Where(w => !has.Maps().Any(h => JsonValues.Same(h, w))).ToList();
        if (missing.Count == 0) return false;
        has.AddRange(missing);
        binding["subjects"] = has;
        return true;
    }
}

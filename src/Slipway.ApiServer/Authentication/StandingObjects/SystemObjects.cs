using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authentication.StandingObjects;

/// <summary>Writes objects that the server itself keeps, as the controllers of a cluster would.</summary>
internal sealed class SystemObjects(ObjectStore store, ResourceRegistry registry, DeleteHandler deleter, TimeProvider time)
{
    private const string Manager = "kube-controller-manager";

    private static readonly DeleteOptions s_background = new("Background");

    public Bucket Bucket(string group, string plural) => store.Bucket($"{group}/{plural}");

    public bool IsOpen(string @namespace) => store.Bucket(NamespaceGuard.Bucket).Find("/" + @namespace) is { Metadata.Deleting: false };

    /// <summary>Creates an object of a namespace unless it exists.</summary>
    public async Task CreateAsync(string plural, string @namespace, string name, Action<JsonMap> fill)
    {
        var type = Type("", plural);
        var bucket = store.Bucket(type.BucketName);
        var key = StoredObject.KeyOf(@namespace, name);
        if (bucket.Find(key) is not null || !IsOpen(@namespace)) return;
        var metadata = new JsonMap { ["name"] = name, ["namespace"] = @namespace };
        MetadataRules.Begin(metadata, time.GetUtcNow());
        var value = new JsonMap { ["apiVersion"] = "v1", ["kind"] = type.Kind, ["metadata"] = metadata };
        fill(value);
        Manage(type, null, value);
        await store.WriteAsync(bucket, key, null, EncodedObject.From(value), type);
        // The namespace may have been marked in between; what empties it has then not seen this object.
        if (!IsOpen(@namespace)) await deleter.RemoveAsync(bucket, type, key, s_background);
    }

    /// <summary>Changes an object unless it was changed since it was read; that change leads here again.</summary>
    public async Task UpdateAsync(string group, string plural, StoredObject stored, Action<JsonMap> change)
    {
        var type = Type(group, plural);
        var live = stored.Parse();
        var next = JsonValues.Copy(live);
        change(next);
        Manage(type, live, next);
        await store.WriteAsync(store.Bucket(type.BucketName), stored.Key, stored, EncodedObject.From(next), type);
    }

    public async Task DeleteAsync(string plural, StoredObject stored)
    {
        var type = Type("", plural);
        await deleter.RemoveAsync(store.Bucket(type.BucketName), type, stored.Key, s_background);
    }

    private void Manage(ResourceType type, JsonMap? live, JsonMap next) => FieldManager.Update(
        live, next, type.Storage.Schema, new ManagerKey(Manager, Apply: false, type.Storage.ApiVersion, ""), time.GetUtcNow());

    private ResourceType Type(string group, string plural) => registry.Current.Find(group, plural)!;
}

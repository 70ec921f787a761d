using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Creates and updates objects.</summary>
internal sealed class WriteHandler(ObjectStore store, ObjectRules rules, ReadHandler reader, NamespaceGuard namespaces, EscalationGuard escalation, TimeProvider time)
{
    private const int NameAttempts = 8;

    public async Task CreateAsync(ApiRequest request)
    {
        var duplicates = new List<string>();
        var value = await BodyReader.ReadObjectAsync(request.Http.Request, duplicates, request.Aborted);
        ObjectRules.Identify(request, value);
        ObjectRules.Decode(request, value, duplicates);
        await CreateAsync(request, value, _ => FieldManager.Update(null, value, request.Version.Schema, request.Manager(apply: false), time.GetUtcNow()));
    }

    /// <summary>Stores a decoded object that must not exist yet.</summary>
    public async Task CreateAsync(ApiRequest request, JsonMap value, Action<JsonMap> manage)
    {
        namespaces.EnsureOpen(request, value.Text("metadata", "name") ?? value.Text("metadata", "generateName") ?? "");
        if (value.Text("metadata", "resourceVersion") is { Length: > 0 })
            throw new ApiException(500, "", "resourceVersion should not be set on objects to be created");
        escalation.Check(request, value, null);
        var generated = value.Text("metadata", "name") is null or "" && value.Text("metadata", "generateName") is { Length: > 0 };
        for (var attempt = 1; ; attempt++)
        {
            rules.PrepareCreate(request, value);
            manage(value);
            var name = value.Text("metadata", "name")!;
            var key = StoredObject.KeyOf(request.Namespace, name);
            var existing = request.Bucket.Find(key);
            if (existing is null && request.DryRun)
            {
                await reader.ValueAsync(request, 201, value);
                return;
            }

            var stored = existing is null ? await store.WriteAsync(request.Bucket, key, null, ObjectRules.Encode(request, value), request.Type) : null;
            if (stored is not null)
            {
                await reader.ObjectAsync(request, 201, stored);
                return;
            }

            if (!generated || attempt == NameAttempts) throw Errors.AlreadyExists(request.Type, name);
            value.Map("metadata")!.Remove("name");
        }
    }

    public async Task UpdateAsync(ApiRequest request)
    {
        var duplicates = new List<string>();
        var value = await BodyReader.ReadObjectAsync(request.Http.Request, duplicates, request.Aborted);
        ObjectRules.Identify(request, value);
        ObjectRules.Decode(request, value, duplicates);
        var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        var asked = value.Text("metadata", "resourceVersion");
        if (string.IsNullOrEmpty(asked) && !request.Type.Strategy.AllowsUnconditionalUpdate)
            throw Errors.Invalid(request.Type, request.Name, [FieldError.Invalid("metadata.resourceVersion", 0L, "must be specified for an update")]);
        for (; ; )
        {
            var next = JsonValues.Copy(value);
            var result = await ReplaceAsync(request, stored, next, () => FieldManager.Update(
                Presenter.Value(stored, request.Type, request.Version), next, request.Version.Schema, request.Manager(apply: false), time.GetUtcNow()));
            if (result is not null)
            {
                await result();
                return;
            }

            // Without a version the client wants to win whatever the state is; with one, the next look tells the conflict.
            stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        }
    }

    /// <summary>Stores the next state of an object.</summary>
    /// <returns>What writes the answer, or <see langword="null"/> when another write came first.</returns>
    public async Task<Func<Task>?> ReplaceAsync(ApiRequest request, StoredObject stored, JsonMap next, Action manage)
    {
        var old = Presenter.Value(stored, request.Type, request.Version);
        var metadata = next.Ensure("metadata");
        if (metadata.Text("resourceVersion") is { Length: > 0 } asked && asked != Revisions.Text(stored.Revision))
            throw Errors.Conflict(request.Type, request.Name);
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != old.Text("metadata", "uid"))
            throw Errors.Conflict(request.Type, request.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Text("metadata", "uid")}");
        escalation.Check(request, next, old);
        ObjectRules.PrepareUpdate(request, next, old);
        manage();
        if (ObjectRules.SameState(next, old)) return () => reader.ObjectAsync(request, 200, stored);
        if (request.DryRun) return () => reader.ValueAsync(request, 200, next);
        // The last finalizer's removal is what lets a deleted object go.
        var gone = metadata.ContainsKey("deletionTimestamp") && next.Map("metadata")!.List("finalizers") is null or { Count: 0 } &&
            next.Map("metadata")!.ContainsKey("deletionTimestamp") && !request.Type.Strategy.HoldsDeletion(next);
        var written = await store.WriteAsync(request.Bucket, request.Key, stored, ObjectRules.Encode(request, next), request.Type, gone);
        if (written is null) return null;
        return () => reader.ObjectAsync(request, 200, written);
    }
}

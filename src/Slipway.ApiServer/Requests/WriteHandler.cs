using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Pods;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Creates and updates objects.</summary>
internal sealed class WriteHandler(
    ObjectStore store, ObjectRules rules, ReadHandler reader, NamespaceGuard namespaces, EscalationGuard escalation, AdmissionController admission,
    BuiltInAdmission builtIn, VersionConverter converter, TimeProvider time)
{
    private const int NameAttempts = 8;

    public async Task CreateAsync(ApiRequest request)
    {
        var duplicates = new List<string>();
        var value = await BodyReader.ReadObjectAsync(request.Http.Request, duplicates, request.Aborted);
        ObjectRules.Identify(request, value);
        ObjectRules.Decode(request, value, duplicates);
        // As upstream: only what comes by POST; an object that an apply makes then is seen to by the definition's removal.
        if (request.Type.Custom && store.Bucket(CrdCatalog.Bucket).Find($"/{request.Type.Plural}.{request.Type.Group}") is { Metadata.Deleting: true })
            throw Errors.Forbidden(request.Type, value.Text("metadata", "name") ?? "", "create not allowed while custom resource definition is terminating");
        await CreateAsync(request, value, v => FieldManager.Update(null, v, request.Version.Schema, request.Manager(apply: false), time.GetUtcNow()));
    }

    /// <summary>Stores a decoded object that must not exist yet.</summary>
    public async Task CreateAsync(ApiRequest request, JsonMap value, Action<JsonMap> manage)
    {
        namespaces.EnsureOpen(request, value.Text("metadata", "name") ?? value.Text("metadata", "generateName") ?? "");
        if (value.Text("metadata", "resourceVersion") is { Length: > 0 })
            throw new ApiException(500, "", "resourceVersion should not be set on objects to be created");
        var generated = value.Text("metadata", "name") is null or "" && value.Text("metadata", "generateName") is { Length: > 0 };
        builtIn.Admit(request, value);
        var plan = admission.Plan(request, Operations.Create);
        if (plan is { Mutates: true })
        {
            // What webhooks change belongs to no manager, as upstream.
            ObjectRules.Draft(request, value);
            manage(value);
            manage = _ => { };
            value = await plan.MutateAsync(value.Text("metadata", "name") ?? "", value, null);
            ObjectRules.Identify(request, value); // Webhooks may rename it, but not take it elsewhere.
        }

        escalation.Check(request, value, null);
        for (var attempt = 1; ; attempt++)
        {
            rules.PrepareCreate(request, value);
            manage(value);
            builtIn.Allocate(request, value, null);
            var name = value.Text("metadata", "name")!;
            if (plan is not null) await plan.ValidateAsync(name, value, null);
            var key = StoredObject.KeyOf(request.Namespace, name);
            var existing = request.Bucket.Find(key);
            if (existing is null && request.DryRun)
            {
                await reader.ValueAsync(request, 201, value);
                return;
            }

            var stored = existing is null ? await store.WriteAsync(request.Bucket, key, null, await EncodeAsync(request, value), WrittenAs(request)) : null;
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
        var stored = await FindAsync(request);
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
            stored = await FindAsync(request);
        }
    }

    /// <summary>Finds the object of a request, ready to be shown in the request's version.</summary>
    public async ValueTask<StoredObject> FindAsync(ApiRequest request)
    {
        var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        await converter.PrepareAsync(stored, request.Type, request.Version, request.Aborted);
        return stored;
    }

    /// <summary>Stores the next state of an object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stored">The state that the next one was made from.</param>
    /// <param name="next">The next state.</param>
    /// <param name="manage">Records who changed what.</param>
    /// <param name="admitted">Whether admission was asked already, about something else that the request holds.</param>
    /// <returns>What writes the answer, or <see langword="null"/> when another write came first.</returns>
    public async Task<Func<Task>?> ReplaceAsync(ApiRequest request, StoredObject stored, JsonMap next, Action manage, bool admitted = false)
    {
        var old = Presenter.Value(stored, request.Type, request.Version);
        CheckConditions(request, stored, next.Ensure("metadata"), old);
        var plan = admitted ? null : admission.Plan(request, Operations.Update);
        ObjectRules.Shape(request, next, old);
        PodAdmission.Carry(request.Type, next, old);
        if (plan is { Mutates: true })
        {
            manage();
            manage = () => { };
            next = await plan.MutateAsync(request.Name, next, old);
            (next["apiVersion"], next["kind"]) = (request.Version.ApiVersion, request.Type.Kind);
            ObjectRules.Shape(request, next, old);
        }

        escalation.Check(request, next, old);
        ObjectRules.Settle(request, next, old);
        manage();
        builtIn.Allocate(request, next, old);
        if (plan is not null) await plan.ValidateAsync(request.Name, next, old);
        if (ObjectRules.SameState(next, old)) return () => reader.ObjectAsync(request, 200, stored);
        if (request.DryRun) return () => reader.ValueAsync(request, 200, next);
        // The last finalizer's removal is what lets a deleted object go.
        var metadata = next.Map("metadata")!;
        var gone = metadata.ContainsKey("deletionTimestamp") && metadata.List("finalizers") is null or { Count: 0 } &&
            metadata.ContainsKey("deletionTimestamp") && !request.Type.Strategy.HoldsDeletion(next);
        var written = await store.WriteAsync(request.Bucket, request.Key, stored, await EncodeAsync(request, next), WrittenAs(request), gone);
        if (written is null) return null;
        return () => reader.ObjectAsync(request, 200, written);
    }

    private static void CheckConditions(ApiRequest request, StoredObject stored, JsonMap metadata, JsonMap old)
    {
        if (metadata.Text("resourceVersion") is { Length: > 0 } asked && asked != Revisions.Text(stored.Revision))
            throw Errors.Conflict(request.Type, request.Name);
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != old.Text("metadata", "uid"))
            throw Errors.Conflict(request.Type, request.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Text("metadata", "uid")}");
    }

    private async ValueTask<EncodedObject> EncodeAsync(ApiRequest request, JsonMap value)
    {
        if (request.Type.Conversion is not null)
            value = await converter.ConvertAsync(value, request.Type, request.Type.Storage.ApiVersion, request.Aborted);
        return ObjectRules.Encode(request, value);
    }

    // What a webhook converted was not completed by the schema of the version that it is stored in.
    private static ResourceType? WrittenAs(ApiRequest request) =>
        request.Type.Conversion is not null && !request.Version.Storage ? null : request.Type;
}

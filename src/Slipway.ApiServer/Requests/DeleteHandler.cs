using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Kinds.Protobuf;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Deletes objects: at once, or by marking them where finalizers must run first.</summary>
internal sealed class DeleteHandler(ObjectStore store, ReadHandler reader, AdmissionController admission, VersionConverter converter, TimeProvider time)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    public async Task DeleteAsync(ApiRequest request)
    {
        var options = await OptionsAsync(request);
        var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        if (request.Type.Strategy.DeletionFault(request.Name) is { } fault) throw Errors.Forbidden(request.Type, request.Name, fault);
        CheckPreconditions(request, stored, options);
        var result = await RemoveAsync(request.Bucket, request.Type, request.Key, options, request.DryRun, Admission(request, request.Name))
            ?? throw Errors.NotFound(request.Type, request.Name);
        if (!result.Gone)
        {
            await reader.ObjectAsync(request, 200, result.State);
            return;
        }

        await Responses.JsonAsync(request.Http, 200, Success(request.Type, result.State));
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        var options = await OptionsAsync(request);
        var query = new ListQuery(request);
        var items = new JsonList();
        // The collection is what the request names, so its objects' names are not part of the question.
        var admit = Admission(request, "");
        foreach (var item in query.Select(request.Bucket.Current).ToList())
        {
            await RemoveAsync(request.Bucket, request.Type, item.Key, options, request.DryRun, admit);
            await converter.PrepareAsync(item, request.Type, request.Version, request.Aborted);
            items.Add(Presenter.Value(item, request.Type, request.Version));
        }

        await Responses.JsonAsync(request.Http, 200, new JsonMap
        {
            ["kind"] = request.Type.ListKind,
            ["apiVersion"] = request.Version.ApiVersion,
            ["metadata"] = new JsonMap { ["resourceVersion"] = Revisions.Text(store.Revision) },
            ["items"] = items,
        });
    }

    /// <summary>Deletes or marks one object, whatever else happens to it meanwhile.</summary>
    /// <returns>The last state and whether it is gone, or <see langword="null"/> when there was none.</returns>
    public async Task<(StoredObject State, bool Gone)?> RemoveAsync(
        Bucket bucket, ResourceType type, string key, DeleteOptions options, bool dryRun = false, Func<StoredObject, Task>? admit = null)
    {
        for (; ; )
        {
            if (bucket.Find(key) is not { } stored) return null;
            if (admit is not null) await admit(stored);
            // Only metadata changes, which all versions share: the object stays in the version that it is stored in.
            var value = stored.Parse();
            var metadata = value.Map("metadata")!;
            var finalizers = metadata.List("finalizers") ?? new JsonList();
            Propagate(finalizers, options);
            if (finalizers.Count > 0) metadata["finalizers"] = finalizers;
            else metadata.Remove("finalizers");
            var held = finalizers.Count > 0 || type.Strategy.HoldsDeletion(value);
            if (held && metadata.ContainsKey("deletionTimestamp") && JsonValues.Same(finalizers, stored.Parse().Map("metadata")!.List("finalizers") ?? new JsonList()))
                return (stored, false);
            if (!metadata.ContainsKey("deletionTimestamp"))
            {
                metadata["deletionTimestamp"] = MetadataRules.Time(time.GetUtcNow());
                metadata["deletionGracePeriodSeconds"] = 0L;
                if (metadata.At("generation") is long generation) metadata["generation"] = generation + 1;
                type.Strategy.PrepareForDelete(value);
            }

            if (dryRun) return (stored, !held);
            if (await store.WriteAsync(bucket, key, stored, EncodedObject.From(value), stored.WrittenAs, delete: !held) is { } written) return (written, !held);
        }
    }

    private Func<StoredObject, Task>? Admission(ApiRequest request, string name) => admission.Plan(request, Operations.Delete) is not { } plan ? null : async stored =>
    {
        await converter.PrepareAsync(stored, request.Type, request.Version, request.Aborted);
        await plan.AdmitDeletionAsync(name, Presenter.Value(stored, request.Type, request.Version));
    };

    private static void Propagate(JsonList finalizers, DeleteOptions options)
    {
        if (options.Propagation == "Foreground" && !finalizers.Contains(ForegroundFinalizer)) finalizers.Add(ForegroundFinalizer);
        if (options.Propagation == "Orphan" && !finalizers.Contains(OrphanFinalizer)) finalizers.Add(OrphanFinalizer);
        if (options.Propagation is "Background" or "Foreground") finalizers.Remove(OrphanFinalizer);
        if (options.Propagation is "Background" or "Orphan") finalizers.Remove(ForegroundFinalizer);
    }

    private static JsonMap Success(ResourceType type, StoredObject last)
    {
        var details = new JsonMap { ["name"] = last.Name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        details["uid"] = last.Metadata.Uid;
        return new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonMap(), ["status"] = "Success", ["details"] = details };
    }

    private static void CheckPreconditions(ApiRequest request, StoredObject stored, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != stored.Metadata.Uid)
            throw Errors.Conflict(request.Type, request.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Metadata.Uid}");
        if (options.ResourceVersion is { } version && version != Revisions.Text(stored.Revision))
            throw Errors.Conflict(request.Type, request.Name,
                $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {stored.Revision}");
    }

    private static async Task<DeleteOptions> OptionsAsync(ApiRequest request)
    {
        var bytes = await BodyReader.ReadAsync(request.Http.Request, request.Aborted);
        var media = BodyReader.MediaType(request.Http.Request);
        var body = bytes.Length == 0 ? null
            : media == ProtobufReader.MediaType ? BodyReader.Protobuf(bytes)
            : BodyReader.Parse(bytes, BodyReader.IsYaml(media), null) as JsonMap;
        request.DeleteBody = body;
        if (body?.List("dryRun") is { Count: > 0 } dry)
        {
            if (dry is not ["All"])
                throw new ApiException(422, "Invalid", $"DeleteOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: {JsonText.Of(dry)}: supported values: \"All\"");
            request.DryRun = true;
        }

        var propagation = request.Query("propagationPolicy") ?? body?.Text("propagationPolicy");
        if (propagation is null && (request.Flag("orphanDependents") || body?.At("orphanDependents") is true)) propagation = "Orphan";
        if (propagation is not (null or "" or "Background" or "Foreground" or "Orphan"))
            throw new ApiException(422, "Invalid", $"DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"{propagation}\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
        return new(propagation, body?.Map("preconditions")?.Text("uid"), body?.Map("preconditions")?.Text("resourceVersion"));
    }
}

/// <summary>How an object is to be deleted.</summary>
internal sealed record DeleteOptions(string? Propagation = null, string? Uid = null, string? ResourceVersion = null);

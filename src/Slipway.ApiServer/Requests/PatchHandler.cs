using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Patch;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>Patches objects: JSON, merge, strategic merge and apply.</summary>
internal sealed class PatchHandler(WriteHandler writer, TimeProvider time)
{
    private const int Attempts = 5;
    private const string Accepted = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    public async Task PatchAsync(ApiRequest request)
    {
        var media = BodyReader.MediaType(request.Http.Request);
        var strategic = media == "application/strategic-merge-patch+json";
        if (media is not ("application/json-patch+json" or "application/merge-patch+json" or "application/apply-patch+yaml") && !(strategic && !request.Type.Custom))
            throw Errors.UnsupportedMedia(request.Type.Custom ? Accepted : Accepted + ", application/strategic-merge-patch+json");
        var duplicates = new List<string>();
        var patch = BodyReader.Parse(await BodyReader.ReadAsync(request.Http.Request, request.Aborted), BodyReader.IsYaml(media), duplicates);
        if (media == "application/apply-patch+yaml")
        {
            await ApplyAsync(request, patch as JsonMap ?? throw Errors.BadRequest("the applied configuration must be one object"), duplicates);
            return;
        }

        if (request.Query("force") is not null)
            throw new ApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
        await RetryAsync(request, stored =>
        {
            var old = Presenter.Value(stored, request.Type, request.Version);
            var next = Patched(request, JsonValues.Copy(old), patch, strategic);
            ObjectRules.Identify(request, next);
            ObjectRules.Decode(request, next, duplicates);
            // A version in the patch itself is a condition; that of the read object only says what was patched.
            var asked = (patch as JsonMap)?.Text("metadata", "resourceVersion");
            if (asked is null && next.Text("metadata", "resourceVersion") == Revisions.Text(stored.Revision)) next.Map("metadata")!.Remove("resourceVersion");
            return (next, () => FieldManager.Update(old, next, request.Version.Schema, request.Manager(apply: false), time.GetUtcNow()));
        });
    }

    private async Task ApplyAsync(ApiRequest request, JsonMap config, List<string> duplicates)
    {
        var manager = request.Manager(apply: true);
        if (config.Map("metadata")?.ContainsKey("managedFields") == true) throw Errors.BadRequest("metadata.managedFields must be nil");
        if (config.Text("kind") is null or "" || config.Text("apiVersion") is null or "")
            throw Errors.BadRequest("the applied configuration needs apiVersion and kind");
        var named = $"{config.Text("metadata", "namespace")}/{config.Text("metadata", "name")}";
        ObjectRules.Identify(request, config);
        AppliedShape.Check(config, request.Version.Schema, $"{named}; {(request.Type.Group.Length == 0 ? "/" : "")}{request.Version.ApiVersion}, Kind={request.Type.Kind}");
        ObjectRules.Decode(request, config, duplicates);
        config.Map("metadata")!.Remove("resourceVersion", out var asked);
        var uid = config.Text("metadata", "uid");
        config.Map("metadata")!.Remove("uid");
        var only = request.IsStatus ? "status" : request.Version.HasStatus ? "main" : null;
        if (request.Bucket.Find(request.Key) is null && !request.IsStatus)
        {
            if (asked is string { Length: > 0 }) throw Errors.Conflict(request.Type, request.Name, "the object does not exist, but a resourceVersion was given");
            var empty = Skeleton(request);
            var merged = FieldManager.Apply(empty, config, request.Version.Schema, manager, request.Force, only, time.GetUtcNow());
            try
            {
                await writer.CreateAsync(request, merged, _ => { });
                return;
            }
            catch (ApiException e) when (e.Reason == "AlreadyExists")
            {
                // Created meanwhile by another: now it is an apply to that object.
            }
        }

        await RetryAsync(request, stored =>
        {
            var live = Presenter.Value(stored, request.Type, request.Version);
            var next = FieldManager.Apply(live, JsonValues.Copy(config), request.Version.Schema, manager, request.Force, only, time.GetUtcNow());
            if (asked is string { Length: > 0 } version) next.Map("metadata")!["resourceVersion"] = version;
            if (uid is { Length: > 0 }) next.Map("metadata")!["uid"] = uid;
            return (next, () => { });
        });
    }

    private async Task RetryAsync(ApiRequest request, Func<StoredObject, (JsonMap Next, Action Manage)> patch)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await writer.FindAsync(request);
            var (next, manage) = patch(stored);
            if (await writer.ReplaceAsync(request, stored, next, manage) is { } answer)
            {
                await answer();
                return;
            }
        }

        throw Errors.Conflict(request.Type, request.Name);
    }

    private static JsonMap Patched(ApiRequest request, JsonMap current, object? patch, bool strategic)
    {
        var operations = BodyReader.MediaType(request.Http.Request) == "application/json-patch+json" ? patch as JsonList : null;
        if (operations is not null)
            return JsonPatch.Apply(current, operations) as JsonMap ?? throw Errors.BadRequest("the patch leaves something that is no object");
        if (patch is not JsonMap map || BodyReader.MediaType(request.Http.Request) == "application/json-patch+json") throw Errors.BadRequest("error decoding patch: the patch is not of the shape that its content type says");
        return strategic ? StrategicMergePatch.Apply(current, map, request.Version.Schema) : MergePatch.Apply(current, map);
    }

    private static JsonMap Skeleton(ApiRequest request) => new()
    {
        ["apiVersion"] = request.Version.ApiVersion,
        ["kind"] = request.Type.Kind,
        ["metadata"] = new JsonMap { ["name"] = request.Name },
    };
}

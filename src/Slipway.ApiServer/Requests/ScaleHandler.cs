using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Patch;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>The scale subresource: one number of an object, whatever its kind.</summary>
internal sealed class ScaleHandler(WriteHandler writer, AdmissionController admission, TimeProvider time)
{
    public async Task HandleAsync(ApiRequest request)
    {
        var scale = request.Version.Scale ?? throw Errors.PathNotFound();
        var stored = await writer.FindAsync(request);
        if (HttpMethodIs(request, "GET"))
        {
            await Responses.JsonAsync(request.Http, 200, Show(request, scale, stored));
            return;
        }

        var wanted = await WantedAsync(request, Show(request, scale, stored));
        var given = Replicas(request, wanted);
        var asked = wanted.Text("metadata", "resourceVersion");
        for (; ; )
        {
            if (!string.IsNullOrEmpty(asked) && asked != Revisions.Text(stored.Revision)) throw Errors.Conflict(request.Type, request.Name);
            var old = Presenter.Value(stored, request.Type, request.Version);
            var next = JsonValues.Copy(old);
            JsonPaths.Set(next, scale.SpecReplicas, await AdmitAsync(request, Show(request, scale, stored), given));
            if (JsonValues.Same(next, old))
            {
                await Responses.JsonAsync(request.Http, 200, Show(request, scale, stored));
                return;
            }

            var current = stored;
            var answer = await writer.ReplaceAsync(request, stored, next,
                () => FieldManager.Update(old, next, request.Version.Schema, request.Manager(apply: false), time.GetUtcNow()), admitted: true);
            stored = await writer.FindAsync(request);
            if (answer is null) continue;
            await Responses.JsonAsync(request.Http, 200, Show(request, scale, request.DryRun ? current : stored));
            return;
        }
    }

    /// <summary>Asks admission about the Scale, since that is what the request changes.</summary>
    private async Task<long> AdmitAsync(ApiRequest request, JsonMap old, long replicas)
    {
        if (admission.Plan(request, Operations.Update) is not { } plan) return replicas;
        var next = JsonValues.Copy(old);
        next.Ensure("spec")["replicas"] = replicas;
        if (plan.Mutates) next = await plan.MutateAsync(request.Name, next, old);
        replicas = Replicas(request, next);
        await plan.ValidateAsync(request.Name, next, old);
        return replicas;
    }

    private static long Replicas(ApiRequest request, JsonMap scale)
    {
        if (scale.Map("spec")?.At("replicas") is not (null or long)) throw Errors.BadRequest("spec.replicas of a Scale must be a whole number");
        var replicas = scale.Map("spec")?.At("replicas") as long? ?? 0;
        return replicas >= 0 ? replicas : throw new ApiException(422, "Invalid",
            $"Scale.autoscaling \"{request.Name}\" is invalid: spec.replicas: Invalid value: {replicas}: must be greater than or equal to 0");
    }

    private static async Task<JsonMap> WantedAsync(ApiRequest request, JsonMap current)
    {
        var media = BodyReader.MediaType(request.Http.Request);
        if (HttpMethodIs(request, "PUT")) return await BodyReader.ReadObjectAsync(request.Http.Request, null, request.Aborted);
        if (!HttpMethodIs(request, "PATCH")) throw Errors.MethodNotAllowed();
        var patch = BodyReader.Parse(await BodyReader.ReadAsync(request.Http.Request, request.Aborted), BodyReader.IsYaml(media), null);
        var result = patch switch
        {
            JsonList operations => JsonPatch.Apply(current, operations) as JsonMap,
            JsonMap map => MergePatch.Apply(current, map),
            _ => null,
        };
        return result ?? throw Errors.BadRequest("error decoding patch: the patch is not of the shape that its content type says");
    }

    private static JsonMap Show(ApiRequest request, ScaleColumns scale, StoredObject stored)
    {
        var value = Presenter.Value(stored, request.Type, request.Version);
        var metadata = value.Map("metadata")!;
        var shown = new JsonMap();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
            if (metadata.TryGetValue(name, out var member)) shown[name] = member;
        var status = new JsonMap { ["replicas"] = JsonPaths.Get(value, scale.StatusReplicas) ?? 0L };
        if (scale.LabelSelector is { } path && JsonPaths.Get(value, path) is string selector) status["selector"] = selector;
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = shown,
            ["spec"] = new JsonMap { ["replicas"] = JsonPaths.Get(value, scale.SpecReplicas) ?? 0L },
            ["status"] = status,
        };
    }

    private static bool HttpMethodIs(ApiRequest request, string method) => request.Http.Request.Method == method;
}

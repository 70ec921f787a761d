using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Conversion;

/// <summary>
/// Converts between the versions of a resource. What needs no webhook is done at once; what does is asked for in bulk, and the
/// answer stays with the stored object, so that <see cref="Presenter"/> finds it without waiting.
/// </summary>
internal sealed class VersionConverter(WebhookClient client)
{
    private const int MaxObjects = 1000;
    private const long MaxAnswer = 256L * 1024 * 1024;

    // What upstream's client gives each call and tells the webhook.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Makes stored objects ready to be shown in a version.</summary>
    /// <exception cref="ApiException">The webhook failed.</exception>
    public ValueTask PrepareAsync(StoredObject item, ResourceType type, ServedVersion version, CancellationToken cancellationToken) =>
        type.Conversion is null || Presenter.IsReady(item, type, version) ? default : new(PrepareAsync([item], type, version, false, cancellationToken));

    /// <summary>Makes the objects of a list ready to be shown in a version.</summary>
    /// <exception cref="ApiException">The webhook failed.</exception>
    public ValueTask PrepareAsync(IReadOnlyList<StoredObject> items, ResourceType type, ServedVersion version, CancellationToken cancellationToken) =>
        type.Conversion is null ? default : new(PrepareAsync(items, type, version, true, cancellationToken));

    /// <summary>Converts an object that is not stored; the one that is given may be changed.</summary>
    /// <exception cref="ApiException">The webhook failed.</exception>
    public async ValueTask<JsonMap> ConvertAsync(JsonMap value, ResourceType type, string apiVersion, CancellationToken cancellationToken)
    {
        if (value.Text("apiVersion") == apiVersion) return value;
        if (type.Conversion is { } webhook) return (await CallAsync(webhook, [value], type.Kind, apiVersion, cancellationToken))[0];
        value["apiVersion"] = apiVersion;
        return value;
    }

    private async Task PrepareAsync(IReadOnlyList<StoredObject> items, ResourceType type, ServedVersion version, bool list, CancellationToken cancellationToken)
    {
        foreach (var chunk in items.Where(i => !Presenter.IsReady(i, type, version)).Chunk(MaxObjects))
        {
            var sent = chunk.Select(c => c.Parse()).ToList();
            var shown = await CallAsync(type.Conversion!, sent, list ? type.ListKind : type.Kind, version.ApiVersion, cancellationToken);
            for (var i = 0; i < chunk.Length; i++) Presenter.Keep(chunk[i], shown[i], type, version);
        }
    }

    private async Task<List<JsonMap>> CallAsync(
        ConversionWebhook webhook, List<JsonMap> objects, string kind, string apiVersion, CancellationToken cancellationToken)
    {
        if (webhook.ReviewVersion.Length == 0) throw Failed("no supported conversion review versions");
        // The words name what was given: of a list its own kind, in the version that the client asked for.
        var about = kind == objects[0].Text("kind") ? Kind(objects[0].Text("apiVersion"), kind) : Kind(apiVersion, kind);
        var uid = Guid.NewGuid().ToString();
        var answer = await client.PostAsync(webhook.Target, Review(webhook.ReviewVersion, uid, objects, apiVersion), s_timeout, tellTimeout: true, MaxAnswer, cancellationToken);
        if (!answer.IsSuccess) throw Failed($"conversion webhook for {about} failed: {answer.Fault}");
        if (Fault(answer.Body, webhook.ReviewVersion, uid) is { } fault) throw Failed($"conversion webhook for {about} failed: {fault}");
        var given = answer.Body.Map("response")?.List("convertedObjects") ?? [];
        if (given.Count != objects.Count) throw Failed($"conversion webhook for {about} returned {given.Count} objects, expected {objects.Count}");
        var converted = new List<JsonMap>(given.Count);
        for (var i = 0; i < given.Count; i++)
        {
            if (ConvertedObject.Accept(objects[i], given[i], apiVersion, out var accepted) is { } wrong)
                throw Failed($"conversion webhook for {about} returned invalid {wrong.Show(kind != objects[0].Text("kind"), i)}");
            converted.Add(accepted!);
        }

        return converted;
    }

    private static JsonMap Review(string version, string uid, List<JsonMap> objects, string apiVersion)
    {
        var list = new JsonList(objects.Count);
        list.AddRange(objects);
        return new()
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = "apiextensions.k8s.io/" + version,
            ["request"] = new JsonMap { ["uid"] = uid, ["desiredAPIVersion"] = apiVersion, ["objects"] = list },
        };
    }

    private static string? Fault(JsonMap answer, string version, string uid)
    {
        if (version == "v1" && (answer.Text("apiVersion") != "apiextensions.k8s.io/v1" || answer.Text("kind") != "ConversionReview"))
            return $"expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got {Kind(answer.Text("apiVersion"), answer.Text("kind"))}";
        if (answer.Map("response") is not { } response) return "no response provided";
        // Reviews of v1beta1 were never held to their uid.
        if (version == "v1" && response.Text("uid") != uid) return $"expected response.uid=\"{uid}\", got \"{response.Text("uid")}\"";
        if (response.Text("result", "status") == "Success") return null;
        return response.Text("result", "message") is { Length: > 0 } message ? message : $"response.result.status was '{response.Text("result", "status")}', not 'Success'";
    }

    private static string Kind(string? apiVersion, string? kind) =>
        $"{(apiVersion?.Contains('/', StringComparison.Ordinal) == true ? apiVersion : "/" + apiVersion)}, Kind={kind}";

    // Upstream answers a failed conversion without a reason.
    private static ApiException Failed(string message) => new(500, "", message);
}

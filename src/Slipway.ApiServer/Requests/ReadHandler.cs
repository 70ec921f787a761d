using System.Buffers;
using System.IO.Pipelines;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Requests;

/// <summary>Answers get and list from memory.</summary>
internal sealed class ReadHandler(ObjectStore store, VersionConverter converter, TimeProvider time)
{
    private static readonly byte[] s_comma = ","u8.ToArray();

    public Task GetAsync(ApiRequest request)
    {
        if (Revisions.Parse(request.Query("resourceVersion")) is { } asked && asked > store.Revision)
            throw Errors.TooLargeResourceVersion(asked, store.Revision);
        var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        return ObjectAsync(request, 200, stored);
    }

    /// <summary>Writes one object in the form that the client asked for.</summary>
    public async Task ObjectAsync(ApiRequest request, int code, StoredObject stored)
    {
        var form = AnswerForm.Choose(request.Http.Request);
        await converter.PrepareAsync(stored, request.Type, request.Version, request.Aborted);
        if (form.Shape is AnswerShape.Object) await Responses.BytesAsync(request.Http, code, Presenter.Bytes(stored, request.Type, request.Version));
        else await ValueAsync(request, code, Presenter.Value(stored, request.Type, request.Version));
    }

    public Task ValueAsync(ApiRequest request, int code, JsonMap value)
    {
        var form = AnswerForm.Choose(request.Http.Request);
        var shown = form.Shape switch
        {
            AnswerShape.Table => Renderer(request, form).Table([value], new JsonMap { ["resourceVersion"] = value.Text("metadata", "resourceVersion") }),
            AnswerShape.PartialMetadata => TableRenderer.Partial(value, form.MetaVersion),
            _ => value,
        };
        return Responses.JsonAsync(request.Http, code, shown);
    }

    public TableRenderer Renderer(ApiRequest request, AnswerForm form) =>
        new(request.Version, form.MetaVersion, request.Query("includeObject") ?? "Metadata", time.GetUtcNow());

    public async Task ListAsync(ApiRequest request)
    {
        var form = AnswerForm.Choose(request.Http.Request);
        var page = Page(request);
        await converter.PrepareAsync(page.Items, request.Type, request.Version, request.Aborted);
        await ListAsync(request, form, page);
    }

    private Task ListAsync(ApiRequest request, AnswerForm form, ListPage page)
    {
        if (form.Shape is AnswerShape.Object) return ConcatenateAsync(request, page);
        var values = page.Items.Select(i => Presenter.Value(i, request.Type, request.Version));
        if (form.Shape is AnswerShape.Table)
            return Responses.JsonAsync(request.Http, 200, Renderer(request, form).Table(values, page.Metadata()));
        var items = new JsonList();
        foreach (var value in values) items.Add(TableRenderer.Partial(value, form.MetaVersion));
        return Responses.JsonAsync(request.Http, 200, new JsonMap
        {
            ["kind"] = "PartialObjectMetadataList",
            ["apiVersion"] = "meta.k8s.io/" + form.MetaVersion,
            ["metadata"] = page.Metadata(),
            ["items"] = items,
        });
    }

    private ListPage Page(ApiRequest request)
    {
        var query = new ListQuery(request);
        var limit = Limit(request);
        if (request.Query("continue") is { Length: > 0 } text)
        {
            var token = ContinueToken.Decode(text);
            var old = request.Bucket.Current.Revision == token.Snapshot ? request.Bucket.Current : request.Bucket.History.At(token.Snapshot);
            if (old is null)
                throw Errors.Expired("The provided continue parameter is too old to display a consistent list result. " +
                    "You must start a new list without the continue parameter.");
            return ListPage.Take(query, old, token.Revision, limit, token.Key);
        }

        // Read before the snapshot: everything up to it is then in the snapshot, so a watch from it misses nothing.
        var revision = store.Revision;
        var snapshot = request.Bucket.Current;
        revision = Math.Max(revision, snapshot.Revision);
        if (Revisions.Parse(request.Query("resourceVersion")) is { } asked and > 0)
        {
            if (asked > revision) throw Errors.TooLargeResourceVersion(asked, revision);
            if (request.Query("resourceVersionMatch") == "Exact" && asked < snapshot.Revision)
                snapshot = request.Bucket.History.At(asked) ?? throw Errors.Expired($"The resourceVersion for the provided list is too old.");
        }

        var page = ListPage.Take(query, snapshot, revision, limit, null);
        if (page.Continue is not null) request.Bucket.History.Keep(snapshot);
        return page;
    }

    private static int Limit(ApiRequest request) => request.Query("limit") is not { Length: > 0 } text
        ? 0
        : int.TryParse(text, out var limit) && limit >= 0 ? limit : throw Errors.BadRequest($"limit: Invalid value: {JsonText.Of(text)}: must be a whole number");

    private static Task ConcatenateAsync(ApiRequest request, ListPage page)
    {
        var head = new JsonMap
        {
            ["kind"] = request.Type.ListKind,
            ["apiVersion"] = request.Version.ApiVersion,
            ["metadata"] = page.Metadata(),
            ["items"] = new JsonList(),
        };
        var envelope = JsonText.Bytes(head);
        var parts = page.Items.Select(i => Presenter.Bytes(i, request.Type, request.Version)).ToList();
        // The stored bytes go to the connection as they are: a list of any length needs no buffer of its size.
        var length = envelope.LongLength + parts.Sum(p => p.LongLength) + Math.Max(parts.Count - 1, 0);
        return Responses.StreamAsync(request.Http, length, output => WriteItemsAsync(output, envelope, parts, request.Aborted));
    }

    private static async Task WriteItemsAsync(PipeWriter output, byte[] envelope, List<byte[]> parts, CancellationToken cancellationToken)
    {
        output.Write(envelope.AsSpan(0, envelope.Length - 2));
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) output.Write(s_comma);
            output.Write(parts[i]);
            if (output.CanGetUnflushedBytes && output.UnflushedBytes > 64 * 1024) await output.FlushAsync(cancellationToken);
        }

        output.Write("]}"u8);
        await output.FlushAsync(cancellationToken);
    }
}

/// <summary>One page of a list.</summary>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long Revision, string? Continue, long? Remaining)
{
    public static ListPage Take(ListQuery query, Snapshot snapshot, long revision, int limit, string? after)
    {
        if (limit == 0) return new([.. query.Select(snapshot, after)], revision, null, null);
        var items = query.Select(snapshot, after).Take(limit + 1).ToList();
        if (items.Count <= limit) return new(items, revision, null, null);
        items.RemoveAt(limit);
        var token = new ContinueToken(snapshot.Revision, revision, items[^1].Key).Encode();
        // With a selector the rest is not counted, as upstream: it would need a look at every object.
        long? remaining = query.HasSelectors || query.OnlyKey is not null ? null : snapshot.CountFrom(query.Prefix, items[^1].Key);
        return new(items, revision, token, remaining);
    }

    public JsonMap Metadata()
    {
        var metadata = new JsonMap { ["resourceVersion"] = Revisions.Text(Revision) };
        if (Continue is not null) metadata["continue"] = Continue;
        if (Remaining is { } remaining) metadata["remainingItemCount"] = remaining;
        return metadata;
    }
}

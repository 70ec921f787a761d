using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Requests;

/// <summary>Streams changes. The bytes of an object are shared by all who watch it; only the few around them are written per watcher.</summary>
internal sealed class WatchHandler(ObjectStore store, VersionConverter converter, TimeProvider time, CancellationToken stopping)
{
    private static readonly string[] s_types = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"];

    public async Task WatchAsync(ApiRequest request)
    {
        var query = new ListQuery(request);
        var form = AnswerForm.Choose(request.Http.Request);
        var initial = request.Query("sendInitialEvents") is null ? (bool?)null : request.Flag("sendInitialEvents");
        var asked = Revisions.Parse(request.Query("resourceVersion"));
        if (initial is not null && request.Query("resourceVersionMatch") != "NotOlderThan")
            throw new ApiException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        if (asked > store.Revision && initial is true) throw Errors.TooLargeResourceVersion(asked.Value, store.Revision);

        var encoder = new WatchEncoder(request, form, time);
        var watcher = new Watcher(request.Flag("allowWatchBookmarks"));
        Snapshot? state = null;
        var expired = false;
        if (initial is true || (initial is null && asked is null or 0)) state = request.Bucket.Hub.SubscribeNow(watcher, request.Bucket);
        else if (asked is null or 0) request.Bucket.Hub.SubscribeNow(watcher, request.Bucket);
        else expired = !request.Bucket.Hub.Subscribe(watcher, asked.Value);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, stopping);
        using var timeout = new CancellationTokenSource(Timeout(request), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(end.Token, timeout.Token);
        try
        {
            var output = await StartAsync(request);
            if (expired)
            {
                var gone = Errors.Expired($"too old resource version: {asked} ({store.Revision})").ToStatus();
                WatchEncoder.Raw(output, "ERROR", gone);
                await output.FlushAsync(request.Aborted);
                return;
            }

            try
            {
                if (state is not null) await InitialAsync(request, output, encoder, query, state, initial is true, request.Aborted);
                await FollowAsync(request, output, encoder, query, watcher, linked.Token);
            }
            catch (ApiException e)
            {
                // A conversion webhook failed: the stream's last event says so.
                WatchEncoder.Raw(output, "ERROR", e.ToStatus());
                await output.FlushAsync(request.Aborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client went, the time that it asked for is over, or the server stops: a watch ends like this.
        }
        finally
        {
            request.Bucket.Hub.Unsubscribe(watcher);
        }
    }

    private static async Task<PipeWriter> StartAsync(ApiRequest request)
    {
        request.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        request.Http.Response.ContentType = "application/json;stream=watch";
        await request.Http.Response.StartAsync(request.Aborted);
        var output = request.Http.Response.BodyWriter;
        await output.FlushAsync(request.Aborted);
        return output;
    }

    private async Task InitialAsync(ApiRequest request, PipeWriter output, WatchEncoder encoder, ListQuery query, Snapshot state, bool mark, CancellationToken cancellationToken)
    {
        var revision = Math.Max(state.Revision, 1);
        if (request.Type.Conversion is not null) await converter.PrepareAsync([.. query.Select(state)], request.Type, request.Version, cancellationToken);
        foreach (var item in query.Select(state))
        {
            encoder.Write(output, "ADDED", item);
            if (output.UnflushedBytes > 64 * 1024) await output.FlushAsync(cancellationToken);
        }

        if (mark) encoder.Bookmark(output, revision, endOfInitial: true);
        await output.FlushAsync(cancellationToken);
    }

    private async Task FollowAsync(ApiRequest request, PipeWriter output, WatchEncoder encoder, ListQuery query, Watcher watcher, CancellationToken cancellationToken)
    {
        while (watcher.Backlog.TryDequeue(out var item))
        {
            await ReadyAsync(request, item, cancellationToken);
            Send(output, encoder, query, item);
        }

        await output.FlushAsync(cancellationToken);
        while (await watcher.Reader.WaitToReadAsync(cancellationToken))
        {
            while (watcher.Reader.TryRead(out var item))
            {
                await ReadyAsync(request, item, cancellationToken);
                Send(output, encoder, query, item);
                if (output.UnflushedBytes > 64 * 1024) await output.FlushAsync(cancellationToken);
            }

            await output.FlushAsync(cancellationToken);
        }
    }

    private ValueTask ReadyAsync(ApiRequest request, WatchEvent item, CancellationToken cancellationToken) =>
        item.Object is { } shown ? converter.PrepareAsync(shown, request.Type, request.Version, cancellationToken) : default;

    private static void Send(PipeWriter output, WatchEncoder encoder, ListQuery query, WatchEvent item)
    {
        if (item.Kind is ChangeKind.Bookmark)
        {
            encoder.Bookmark(output, item.Revision, endOfInitial: false);
            return;
        }

        // An update may carry an object into a selector's view or out of it, which the watcher sees as its coming or going.
        var was = item.Previous is not null && query.Matches(item.Previous);
        var isNow = item.Kind is not ChangeKind.Deleted && query.Matches(item.Object!);
        if (!was && !isNow) return;
        var shown = was ? isNow ? ChangeKind.Modified : ChangeKind.Deleted : ChangeKind.Added;
        encoder.Write(output, s_types[(int)shown], item.Object!);
    }

    private static TimeSpan Timeout(ApiRequest request)
    {
        if (request.Query("timeoutSeconds") is { Length: > 0 } text && long.TryParse(text, out var seconds) && seconds > 0)
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        // Spread, so that watches that began together do not all begin anew together.
        return TimeSpan.FromSeconds(1800 + Random.Shared.Next(1800));
    }
}

using Microsoft.Extensions.Logging;
using Slipway.Models.Hub;

namespace Slipway.Models.Store;

/// <summary>Fetches a model from the hub into the cache.</summary>
internal sealed class HubModels(ModelStoreOptions options, HttpMessageInvoker http, ILogger logger)
{
    /// <summary>Paths of the model's files in the snapshot, and the commit.</summary>
    public async Task<HubAnswer<Snapshot>> FetchAsync(ModelRequest request, HubCache cache, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var transport = new HubTransport(http, options, request, logger);
        var hub = new HubClient(transport, options, request);
        var revision = await hub.GetCommitAsync(cancellationToken);
        if (!revision.TryGet(out var commit, out var error)) return error;
        var listing = await hub.ListAsync(commit, cancellationToken);
        if (!listing.TryGet(out var files, out error)) return error;

        var choice = GgufSelection.Choose(files.Select(static f => f.Path), request);
        if (choice is not GgufChoice.Chosen chosen) return Choices.Error(choice, request, $"on {options.Endpoint.Host}");
        var wanted = chosen.Files.Select(path => files.First(f => f.Path == path)).ToList();
        var meter = new DownloadMeter(progress, wanted.Sum(static f => f.Size), options.Time);
        var download = new BlobDownload(hub, transport, cache, options, meter);
        foreach (var file in wanted)
        {
            if (await download.RunAsync(commit, file, cancellationToken) is { } failed) return failed;
        }

        // The links come last and the reference at the very end: what a snapshot shows is whole.
        var paths = wanted.Select(f => cache.Link(commit, f.Path, f.ETag!)).ToList();
        cache.WriteRef(request.Revision ?? "main", commit);
        return new Snapshot(commit, paths);
    }
}

/// <summary>A model's files at a commit.</summary>
internal sealed record Snapshot(string Commit, IReadOnlyList<string> Paths);

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Models.Gguf;
using Slipway.Models.Hub;

namespace Slipway.Models.Store;

/// <summary>Finds models: in local directories, then in the hub cache (no network needed), then on the hub.</summary>
/// <remarks>
/// Once a branch is in the cache it stays at its commit: a deployment does not change because somebody pushed to <c>main</c>.
/// Safe for concurrent use; two requests for one file download it once.
/// </remarks>
public sealed partial class ModelStore : IDisposable
{
    private readonly ModelStoreOptions _options;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _http;
    private readonly HubModels _hub;

    /// <summary>Makes a store. Nothing is read or created before the first request.</summary>
    /// <param name="options">Directories, hub, clock.</param>
    /// <param name="logger">Receives retries and outcomes.</param>
    /// <param name="handler">Sends the HTTP requests; it must not follow redirects itself. Disposed with the store. Null for a handler with the system's proxy.</param>
    public ModelStore(ModelStoreOptions options, ILogger<ModelStore>? logger = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<ModelStore>.Instance;
        _http = new HttpMessageInvoker(handler ?? new SocketsHttpHandler
        {
            // Redirects are followed by hand, so that the token stays with the hub.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        _hub = new HubModels(options, _http, _logger);
    }

    /// <summary>Finds a model, downloading it when it must.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told a few times a second how far a download is; not called when nothing is downloaded.</param>
    /// <param name="cancellationToken">Ends the call; what was downloaded so far is kept and used by the next one.</param>
    /// <returns>The model's files, or why they are not to be had and what to do.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ModelResolution> ResolveAsync(ModelRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (ModelNames.Fault(request) is { } fault) return Failed(request, new ModelError(ModelErrorKind.InvalidId, fault));
        try
        {
            var resolution = FindLocal(request) ?? FindCached(request) ?? await DownloadAsync(request, progress, cancellationToken);
            if (resolution is ModelResolution.Failed { Error: var error }) return Failed(request, error);
            LogResolved(request, ((ModelResolution.Resolved)resolution).Origin, ((ModelResolution.Resolved)resolution).Path);
            return resolution;
        }
        catch (Exception e) when (LocalFaults.IsLocal(e))
        {
            return Failed(request, LocalFaults.Of(e, _options.CacheDirectory));
        }
    }

    /// <summary>Closes the connections to the hub.</summary>
    public void Dispose() => _http.Dispose();

    private ModelResolution? FindLocal(ModelRequest request)
    {
        if (request.Revision is not null) return null;
        foreach (var root in _options.LocalDirectories)
        {
            var folder = Path.Combine(root, request.Id);
            if (!Directory.Exists(folder)) continue;
            try
            {
                var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')).ToList();
                return GgufSelection.Choose(files, request) switch
                {
                    GgufChoice.Chosen { Files: var chosen } => Check([.. chosen.Select(f => Path.Combine(folder, f))], ModelOrigin.Local, null),
                    // An empty folder is no answer; the model may well be on the hub.
                    GgufChoice.None => null,
                    var choice => new ModelResolution.Failed(Choices.Error(choice, request, $"in {folder}")),
                };
            }
            catch (Exception e) when (LocalFaults.IsLocal(e))
            {
                return new ModelResolution.Failed(LocalFaults.Of(e, folder));
            }
        }

        return null;
    }

    private ModelResolution? FindCached(ModelRequest request)
    {
        var cache = new HubCache(_options.CacheDirectory, request.Id);
        if (cache.FindCommit(request.Revision ?? "main") is not { } commit) return null;
        return GgufSelection.Choose(cache.Files(commit), request) is GgufChoice.Chosen { Files: var chosen }
            ? Check([.. chosen.Select(f => Path.Combine(cache.SnapshotPath(commit), f))], ModelOrigin.Cache, commit)
            : null;
    }

    private async Task<ModelResolution> DownloadAsync(ModelRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (_options.Offline)
        {
            return new ModelResolution.Failed(new ModelError(
                ModelErrorKind.NotFound,
                $"{request} is neither in a local directory nor in the cache {_options.CacheDirectory}, and HF_HUB_OFFLINE forbids asking the hub. Unset it, or copy the model there."));
        }

        var cache = new HubCache(_options.CacheDirectory, request.Id);
        var answer = await _hub.FetchAsync(request, cache, progress, cancellationToken);
        return answer.TryGet(out var snapshot, out var error)
            ? Check(snapshot.Paths, ModelOrigin.Hub, snapshot.Commit)
            : new ModelResolution.Failed(error);
    }

    /// <summary>Reads the headers: a damaged file is named here, and not by an engine that dies.</summary>
    private static ModelResolution Check(IReadOnlyList<string> paths, ModelOrigin origin, string? commit)
    {
        GgufSummary? first = null;
        foreach (var path in paths)
        {
            switch (GgufReader.Read(path))
            {
                case GgufResult.Sound { Summary: var summary }:
                    first ??= summary;
                    break;
                case GgufResult.Unsound { Fault: var fault, Message: var message }:
                    return new ModelResolution.Failed(Damaged(path, fault, message, origin));
            }
        }

        return new ModelResolution.Resolved
        {
            Path = paths[0],
            Files = paths,
            Revision = commit,
            Bytes = paths.Sum(Length),
            Origin = origin,
            Summary = first!,
        };
    }

    private static ModelError Damaged(string path, GgufFault fault, string message, ModelOrigin origin) => new(
        fault == GgufFault.Truncated ? ModelErrorKind.Truncated : ModelErrorKind.Corrupt,
        // The blob and not its link: a link that is deleted comes back to the same damaged blob.
        $"{File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path} is not a usable GGUF file. {message} " + origin switch
        {
            ModelOrigin.Hub => "It is so on the hub, too: pin another revision or choose another file.",
            ModelOrigin.Cache => "Delete it and ask again, and it is downloaded anew.",
            _ => "Replace it with a sound copy.",
        });

    private static long Length(string path) => (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? new FileInfo(target.FullName) : new FileInfo(path)).Length;

    private ModelResolution.Failed Failed(ModelRequest request, ModelError error)
    {
        LogFailed(request, error.Kind, error.Message);
        return new ModelResolution.Failed(error);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Request} resolved from {Origin}: {Path}")]
    private partial void LogResolved(ModelRequest request, ModelOrigin origin, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Request} not resolved ({Kind}): {Message}")]
    private partial void LogFailed(ModelRequest request, ModelErrorKind kind, string message);
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Models.Hub;
using Slipway.Models.Profiles.Reading;
using Slipway.Models.Store;

namespace Slipway.Models.Profiles;

/// <summary>Says what a model is, from a local folder or from the hub, without downloading its weights.</summary>
/// <remarks>From the hub it takes the listing, a few small files, and the first bytes of each weight file: a few hundred kilobytes for most models.</remarks>
public sealed class ModelProfiler : IDisposable
{
    private readonly ModelStoreOptions _options;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a profiler. Nothing is read before the first request.</summary>
    /// <param name="options">Directories, hub, clock; the same as the store's.</param>
    /// <param name="logger">Receives retries.</param>
    /// <param name="handler">Sends the HTTP requests; it must not follow redirects itself. Disposed with the profiler. Null for a handler with the system's proxy.</param>
    public ModelProfiler(ModelStoreOptions options, ILogger<ModelProfiler>? logger = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<ModelProfiler>.Instance;
        _http = new HttpMessageInvoker(handler ?? new SocketsHttpHandler
        {
            // Redirects are followed by hand, so that the token stays with the hub.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
    }

    /// <summary>Reads a model's profile: of a local folder when there is one by that id, else of the hub.</summary>
    /// <param name="request">The model; a quantisation or file chooses among GGUF files.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ProfileResult> ProfileAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (ModelNames.Fault(request) is { } fault) return new ProfileResult.Failed(new ModelError(ModelErrorKind.InvalidId, fault));
        var folder = request.Revision is null ? _options.LocalDirectories.Select(root => Path.Combine(root, request.Id)).FirstOrDefault(Directory.Exists) : null;
        return folder is not null ? await ProfileFolderAsync(folder, request, cancellationToken) : await ProfileHubAsync(request, cancellationToken);
    }

    /// <summary>Reads the profile of the model in a folder.</summary>
    /// <param name="folder">The folder, laid out as a repository of the hub.</param>
    /// <param name="request">The model's id, and the choice among GGUF files.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<ProfileResult> ProfileFolderAsync(string folder, ModelRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(request);
        return Result(await new ProfileReading(new LocalFiles(folder), request).RunAsync(cancellationToken));
    }

    /// <summary>Closes the connections to the hub.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<ProfileResult> ProfileHubAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        if (_options.Offline)
        {
            return new ProfileResult.Failed(new ModelError(
                ModelErrorKind.NotFound, $"{request} is in no local directory, and HF_HUB_OFFLINE forbids asking the hub. Unset it, or copy the model's config.json and weights there."));
        }

        var hub = new HubClient(new HubTransport(_http, _options, request, _logger), _options, request);
        var answer = await hub.GetRevisionAsync(cancellationToken);
        if (!answer.TryGet(out var revision, out var error)) return new ProfileResult.Failed(error);
        var origin = new FileOrigin($"{_options.Endpoint.Host}", revision.Sha, revision.Licence, revision.IsGated);
        return Result(await new ProfileReading(new HubFiles(hub, revision.Sha!, origin), request).RunAsync(cancellationToken));
    }

    private static ProfileResult Result(HubAnswer<ModelProfile> answer) =>
        answer.TryGet(out var profile, out var error) ? new ProfileResult.Read(profile) : new ProfileResult.Failed(error);
}

/// <summary>Outcome of reading a profile.</summary>
public abstract record ProfileResult
{
    private ProfileResult()
    {
    }

    /// <summary>The profile was read.</summary>
    /// <param name="Profile">What the model is.</param>
    public sealed record Read(ModelProfile Profile) : ProfileResult;

    /// <summary>There is none.</summary>
    /// <param name="Error">Why, and what to do.</param>
    public sealed record Failed(ModelError Error) : ProfileResult;
}

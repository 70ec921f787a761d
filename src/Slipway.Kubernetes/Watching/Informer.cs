using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Watching;

/// <summary>Keeps all objects of one kind at hand, and says which ones change.</summary>
/// <typeparam name="T">The objects' record.</typeparam>
/// <remarks>Reads are of an immutable snapshot: no lock, no copy, and no surprise halfway through a decision.</remarks>
public sealed partial class Informer<T> : IAsyncDisposable
    where T : class
{
    // client-go's reflector: 0.8 s doubling to 30 s.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    // client-go's "very short watch": a server that ends them as soon as they begin must not be asked without a pause.
    private static readonly TimeSpan s_veryShort = TimeSpan.FromSeconds(1);

    private readonly KubeClient _client;
    private readonly Resource<T> _resource;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<NamespacedName, T> _objects = ImmutableDictionary<NamespacedName, T>.Empty;
    private Task _run = Task.CompletedTask;

    /// <summary>Initializes a new instance; <see cref="Start"/> begins to watch.</summary>
    /// <param name="client">The API.</param>
    /// <param name="resource">The kind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="labelSelector">Which objects, by their labels, such as `app` or `app=a`; all when absent.</param>
    public Informer(KubeClient client, Resource<T> resource, TimeProvider time, ILogger<Informer<T>> logger, string? labelSelector = null)
    {
        ArgumentNullException.ThrowIfNull(resource);
        _client = client;
        _resource = resource;
        _path = resource.CollectionPath()
            + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
            + (labelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}");
        _time = time;
        _logger = logger;
    }

    /// <summary>Raised with the key of each object that came, changed or went; on the watch's own flow, so handlers must be quick.</summary>
    public event Action<NamespacedName>? Changed;

    /// <summary>The objects as they stand.</summary>
    public ImmutableDictionary<NamespacedName, T> Objects => Volatile.Read(ref _objects);

    /// <summary>Completes once the first complete state is there.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Finds an object.</summary>
    /// <param name="key">Which.</param>
    /// <returns>The object, or <see langword="null"/>.</returns>
    public T? Get(NamespacedName key) => Objects.GetValueOrDefault(key);

    /// <summary>Begins to watch.</summary>
    public void Start() => _run = Task.Run(RunAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _synced.TrySetCanceled();
    }

    private async Task RunAsync()
    {
        var pause = s_firstPause;
        while (!_stop.IsCancellationRequested)
        {
            string why;
            try
            {
                var began = _time.GetTimestamp();
                await WatchAsync(() => pause = s_firstPause);
                if (_time.GetElapsedTime(began) >= s_veryShort) continue;
                why = "it ended as soon as it began";
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or KubeApiException or InvalidDataException or OperationCanceledException)
            {
                why = failure.Message;
            }

            LogRestart(_resource.Plural, pause.TotalSeconds, why);
            await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    // A watch list (KEP-3157): the state first, then a bookmark that ends it, then the changes. When a watch ends, for whatever
    // reason, the next one starts with the state again: it costs one read of the collection and can miss nothing.
    private async Task WatchAsync(Action connected)
    {
        using var response = await _client.Connection.Http.GetAsync(_path, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        if (!response.IsSuccessStatusCode)
            throw KubeApiException.From(response.StatusCode, await response.Content.ReadAsByteArrayAsync(_stop.Token));

        await using var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
        ImmutableDictionary<NamespacedName, T>.Builder? initial = ImmutableDictionary.CreateBuilder<NamespacedName, T>();
        await foreach (var change in WatchReader.ReadAsync(stream, _resource.Json, _stop.Token))
        {
            switch (change.Kind)
            {
                case WatchEventKind.Bookmark when change.InitialEventsEnd && initial is not null:
                    Replace(initial.ToImmutable());
                    initial = null;
                    connected();
                    _synced.TrySetResult();
                    break;
                case WatchEventKind.Bookmark:
                    break;
                case WatchEventKind.Error:
                    throw new InvalidDataException(change.Message ?? $"The watch ended with {change.Code}.");
                case WatchEventKind.Unreadable:
                    LogUnreadable(_resource.Plural, change.Message);
                    break;
                case WatchEventKind.Deleted:
                    Apply(initial, change.Object!, gone: true);
                    break;
                default:
                    Apply(initial, change.Object!, gone: false);
                    break;
            }
        }
    }

    private void Apply(ImmutableDictionary<NamespacedName, T>.Builder? initial, T value, bool gone)
    {
        var identity = _resource.Identify(value);
        var key = identity.Key;
        if (initial is null && _objects.TryGetValue(key, out var known) && IsOlder(identity, _resource.Identify(known))) return;
        if (initial is not null)
        {
            if (gone) initial.Remove(key);
            else initial[key] = value;
            return;
        }

        Volatile.Write(ref _objects, gone ? _objects.Remove(key) : _objects.SetItem(key, value));
        Changed?.Invoke(key);
    }

    // An event that comes late would hide the object's real state for as long as that does not change. Versions are decimal numbers that
    // grow (KEP-5504); a server with others is believed.
    private static bool IsOlder(ObjectIdentity next, ObjectIdentity known) =>
        ulong.TryParse(next.ResourceVersion, CultureInfo.InvariantCulture, out var a) && ulong.TryParse(known.ResourceVersion, CultureInfo.InvariantCulture, out var b) && a < b;

    private void Replace(ImmutableDictionary<NamespacedName, T> next)
    {
        var previous = _objects;
        Volatile.Write(ref _objects, next);
        foreach (var (key, value) in next)
        {
            if (!previous.TryGetValue(key, out var old) || _resource.Identify(old) != _resource.Identify(value)) Changed?.Invoke(key);
        }

        foreach (var key in previous.Keys.Where(k => !next.ContainsKey(k))) Changed?.Invoke(key);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Watch of {Plural} ended; watching again in {Seconds} s: {Why}")]
    private partial void LogRestart(string plural, double seconds, string why);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "An object of {Plural} cannot be read and is left out: {Why}")]
    private partial void LogUnreadable(string plural, string? why);
}

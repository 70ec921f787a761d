using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Profiles;
using Slipway.Models.Store;

namespace Slipway.Operator.Sizing;

/// <summary>Profiles of models with the nodes that there were, fetched in the background: whoever asks never waits, and is told when the answer is there.</summary>
/// <param name="profile">Reads a model's profile from the hub.</param>
/// <param name="hardware">Reads the cluster's nodes and devices; none when it cannot.</param>
/// <param name="time">The clock.</param>
public sealed class ProfileCache(
    Func<ModelRequest, CancellationToken, Task<ProfileResult>> profile, Func<CancellationToken, Task<ClusterHardware>> hardware, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long the hub may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer holds: a branch and a cluster's nodes change.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>How long a model that could not be read is not asked for again.</summary>
    public static readonly TimeSpan Failed = TimeSpan.FromMinutes(3);

    private const int MostEntries = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<ModelRequest, Entry> _entries = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Says that the answer that a deployment waited for is there.</summary>
    public event Action<NamespacedName>? Arrived;

    /// <summary>Gives what is known of a model, and asks for it otherwise.</summary>
    /// <param name="request">The model.</param>
    /// <param name="asker">The deployment that wants to know.</param>
    /// <returns>The answer; none while it is awaited.</returns>
    public ProfileAnswer? Find(ModelRequest request, NamespacedName asker)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_entries.TryGetValue(request, out var entry))
            {
                if (entry.Answer is null) entry.Askers.Add(asker);
                if (entry.Answer is null || now < entry.Until) return entry.Answer;
            }

            if (_entries.Count >= MostEntries && !_entries.ContainsKey(request)) Forget();
            _entries[request] = entry = new Entry { Asked = now };
            entry.Askers.Add(asker);
            entry.Work = Task.Run(() => FetchAsync(request, entry));
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] works;
        lock (_lock) works = [.. _entries.Values.Select(e => e.Work)];
        await Task.WhenAll(works);
        _stop.Dispose();
    }

    // An entry that is still awaited goes last: others wait for it.
    private void Forget() => _entries.Remove(_entries.OrderBy(e => e.Value.Answer is null).ThenBy(e => e.Value.Asked).First().Key);

    private async Task FetchAsync(ModelRequest request, Entry entry)
    {
        var answer = await AskAsync(request);
        lock (_lock) (entry.Answer, entry.Until) = (answer, time.GetUtcNow() + (answer.Profile is null ? Failed : Fresh));
        if (_stop.IsCancellationRequested) return;
        foreach (var asker in entry.Askers) Arrived?.Invoke(asker);
    }

    private async Task<ProfileAnswer> AskAsync(ModelRequest request)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            return await profile(request, either.Token) switch
            {
                ProfileResult.Read { Profile: var read } => new ProfileAnswer(read, "", await hardware(either.Token)),
                ProfileResult.Failed { Error: var error } => new ProfileAnswer(null, error.Message, ClusterHardware.None),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (OperationCanceledException)
        {
            return new ProfileAnswer(null, FormattableString.Invariant($"The hub did not answer within {Timeout.TotalSeconds} s"), ClusterHardware.None);
        }
#pragma warning disable CA1031 // whatever it is, those who wait have to be told
        catch (Exception failure)
        {
            return new ProfileAnswer(null, failure.Message, ClusterHardware.None);
        }
#pragma warning restore CA1031
    }

    private sealed class Entry
    {
        public required DateTimeOffset Asked { get; init; }

        public HashSet<NamespacedName> Askers { get; } = [];

        public ProfileAnswer? Answer { get; set; }

        public DateTimeOffset Until { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;
    }
}

/// <summary>What is known of a model.</summary>
/// <param name="Profile">What it is; none when that could not be read.</param>
/// <param name="Why">Why not.</param>
/// <param name="Hardware">What the cluster had at that time.</param>
public sealed record ProfileAnswer(ModelProfile? Profile, string Why, ClusterHardware Hardware);

/// <summary>What a cluster has to run models on.</summary>
/// <param name="Nodes">Its nodes; none when they could not be read.</param>
/// <param name="Devices">What DRA drivers publish.</param>
public sealed record ClusterHardware(IReadOnlyList<NodeFacts> Nodes, ClusterDevices Devices)
{
    /// <summary>Nothing that is known of.</summary>
    public static ClusterHardware None { get; } = new([], ClusterDevices.None);
}

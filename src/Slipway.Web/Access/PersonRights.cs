using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Slipway.Kubernetes.Connection;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access;

/// <summary>What one person may do, asked with their own token. An answer counts for 30 seconds; what is not known is not allowed.</summary>
/// <param name="questions">Asks.</param>
/// <param name="time">The clock.</param>
/// <param name="over">Cancelled when their session is over: from then on they may nothing.</param>
#pragma warning disable CA1001 // A semaphore whose handle nobody asks for holds nothing; and whatever a scope can dispose it would, while other scopes of the same person go on.
internal sealed class PersonRights(AccessQuestions questions, TimeProvider time, CancellationToken over) : IRights
#pragma warning restore CA1001
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    // A namespace that nobody looks at is asked about no longer, and a page cannot make the list grow by naming ones that are not there.
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(5);
    private const int MostSpaces = 2000;

    private static readonly Right s_readSpace = new("get", "", "namespaces");

    private readonly ConcurrentDictionary<string, Known> _spaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _wanted = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private volatile Cluster _cluster = new(FrozenDictionary<Right, bool>.Empty, DateTimeOffset.MinValue);
    private volatile string? _fault;

    public event Action? Changed;

    public string? Fault => over.IsCancellationRequested ? T("Your session is over. Sign in again.") : _fault is { } fault ? T(fault) : null;

    public bool May(Right right, string? space, string? name = null) => Knows(right, space, name) == true;

    public string? Missing(Right right, string? space, string? name = null) => Knows(right, space, name) switch
    {
        true => null,
        null => Fault ?? T("What you may do is being asked."),
        false when space is null => T("You may not {0} in this cluster. Ask whoever gives rights in this cluster.", right),
        false => T("You may not {0} in the namespace {1}. Ask {2}.", right, space, _spaces.GetValueOrDefault(space)?.Contact ?? T("whoever gives rights in this cluster")),
    };

    public async Task LookAsync(string space, CancellationToken cancellationToken, bool anew = false)
    {
        if (over.IsCancellationRequested) return;
        if (_wanted.Count < MostSpaces) _wanted[space] = time.GetUtcNow();
        try
        {
            if (anew || Fresh(space, Kept / 3) is null) await RefreshAsync([space], TimeSpan.Zero, cancellationToken);
        }
        catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Unauthorized)
        {
            _fault = N("The cluster does not accept your token any more. Sign in again.");
        }
    }

    /// <summary>Asks anew what was asked longer ago than <paramref name="age"/>.</summary>
    /// <param name="spaces">The namespaces in which there is something to see.</param>
    /// <param name="age">How old an answer may be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubeApiException">The token is not accepted any more.</exception>
    public async Task RefreshAsync(IReadOnlyCollection<string> spaces, TimeSpan age, CancellationToken cancellationToken)
    {
        var before = Picture();
        await _one.WaitAsync(cancellationToken);
        try
        {
            // As old as when it was asked, not as when it was answered: what was taken in between counts from the question on.
            var now = time.GetUtcNow();
            if (now - _cluster.Asked > age) _cluster = await ClusterAsync(now, cancellationToken);
            foreach (var (space, at) in _wanted)
                if (now - at > s_remembered) _wanted.TryRemove(space, out _);
            var all = _cluster.May(Right.SeeDeployments) && _cluster.May(Right.SeeRollouts);
            var stale = _wanted.Keys.Concat(all ? [] : spaces).Distinct(StringComparer.Ordinal).Where(s => Fresh(s, age) is null).Take(MostSpaces).ToList();
            await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (space, stop) =>
            {
                var rules = await questions.RulesAsync(space, stop);
                _spaces[space] = new Known(rules, rules.Allow(s_readSpace, space) ? await questions.ContactAsync(space, stop) : null, now);
            });
            foreach (var (space, known) in _spaces)
                if (now - known.Asked > s_remembered) _spaces.TryRemove(space, out _);
            _fault = null;
        }
        catch (Exception unasked) when (unasked is HttpRequestException || (unasked is KubeApiException refused && refused.Code != HttpStatusCode.Unauthorized))
        {
            _fault = $"What you may do cannot be asked: {unasked.Message} Try again in a moment.";
        }
        finally
        {
            _one.Release();
        }

        if (before != Picture()) Changed?.Invoke();
    }

    /// <summary>Says that they may nothing more.</summary>
    public void Close() => Changed?.Invoke();

    private async Task<Cluster> ClusterAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Right.OfCluster.Select(r => questions.MayAsync(r, cancellationToken)));
        return new Cluster(Right.OfCluster.Zip(answers).ToFrozenDictionary(static p => p.First, static p => p.Second), now);
    }

    private bool? Knows(Right right, string? space, string? name)
    {
        if (over.IsCancellationRequested) return null;
        var cluster = time.GetUtcNow() - _cluster.Asked < Kept ? _cluster : null;
        if (cluster?.May(right) == true) return true;
        if (space is null) return cluster?.Has(right);
        return Fresh(space, Kept)?.Rules.Allow(right, name);
    }

    private Known? Fresh(string space, TimeSpan age) => _spaces.GetValueOrDefault(space) is { } known && time.GetUtcNow() - known.Asked < age ? known : null;

    // What can be seen of it: whoever shows it draws anew when it is another.
    private string Picture() => $"{_fault}|{string.Join(',', _cluster.Rights.Where(static r => r.Value).Select(static r => r.Key.ToString()).Order(StringComparer.Ordinal))}|"
        + string.Join(';', _spaces.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => $"{s.Key}={s.Value.Rules.Digest}"));

    private sealed record Known(AccessRules Rules, string? Contact, DateTimeOffset Asked);

    private sealed record Cluster(FrozenDictionary<Right, bool> Rights, DateTimeOffset Asked)
    {
        public bool May(Right right) => Rights.GetValueOrDefault(right);

        public bool? Has(Right right) => Rights.TryGetValue(right, out var may) ? may : null;
    }
}

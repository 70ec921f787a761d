using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;

namespace Slipway.Web.Rest;

/// <summary>What there is, and then what changes, as server-sent events (HTML Living Standard, 9.2): <c>deployment</c> and <c>rollout</c> with the object, <c>deployment-gone</c> and <c>rollout-gone</c> with its name.</summary>
/// <param name="deployments">The deployments.</param>
/// <param name="rollouts">The rollouts.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeFeed(IDeployments deployments, IRollouts rollouts, TimeProvider time)
{
    // A deployment that starts changes several times a second; nobody reads faster than this.
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    // Proxies end what is silent for a minute.
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(20);

    /// <summary>Follows until nobody listens.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake() => woken.Writer.TryWrite(true);
        deployments.Changed += Wake;
        rollouts.Changed += Wake;
        try
        {
            var known = new Dictionary<(string Kind, string Space, string Name), string>();
            while (true)
            {
                foreach (var item in Changes(known)) yield return item;
                if (!await WaitAsync(woken.Reader, cancellationToken)) yield return new SseItem<string>("{}", "beat");
                else await Task.Delay(s_pace, time, cancellationToken);
            }
        }
        finally
        {
            deployments.Changed -= Wake;
            rollouts.Changed -= Wake;
        }
    }

    private async Task<bool> WaitAsync(ChannelReader<bool> woken, CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(s_beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            return await woken.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private List<SseItem<string>> Changes(Dictionary<(string Kind, string Space, string Name), string> known)
    {
        var items = new List<SseItem<string>>();
        var there = new HashSet<(string, string, string)>();
        void Look(string kind, string? space, string? name, string? uid, string? version, Func<string> say)
        {
            var (key, now) = ((kind, space ?? "default", name ?? ""), $"{uid} {version}");
            there.Add(key);
            if (known.GetValueOrDefault(key) == now) return;
            known[key] = now;
            items.Add(new SseItem<string>(say(), kind));
        }

        foreach (var d in deployments.All)
            Look("deployment", d.Metadata.Namespace, d.Metadata.Name, d.Metadata.Uid, d.Metadata.ResourceVersion, () => JsonSerializer.Serialize(DeploymentFact.Of(d), RestJson.Default.DeploymentFact));
        foreach (var r in rollouts.All)
            Look("rollout", r.Metadata.Namespace, r.Metadata.Name, r.Metadata.Uid, r.Metadata.ResourceVersion, () => JsonSerializer.Serialize(RolloutFact.Of(r), RestJson.Default.RolloutFact));
        foreach (var gone in known.Keys.Where(k => !there.Contains(k)).ToList())
        {
            known.Remove(gone);
            items.Add(new SseItem<string>(JsonSerializer.Serialize(new Accepted(gone.Space, gone.Name), RestJson.Default.Accepted), $"{gone.Kind}-gone"));
        }

        return items;
    }
}

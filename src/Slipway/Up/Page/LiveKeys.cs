using System.Net;
using Slipway.Api.Keys;
using Slipway.Api.Meta;
using Slipway.Gateway.Keys;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Web.Settings.Keys;

namespace Slipway.Up.Page;

/// <summary>The keys of the API that `up` runs, as the gateway knows them; changed over the connection of whoever uses the page.</summary>
internal sealed class LiveKeys : IKeys, IDisposable
{
    private readonly KubeClient _client;
    private readonly GatewayKeys _keys;
    private readonly TimeProvider _time;

    public LiveKeys(KubeClient client, GatewayKeys keys, TimeProvider time)
    {
        (_client, _keys, _time) = (client, keys, time);
        keys.Changed += OnChanged;
    }

    public event Action? Changed;

    public bool AreThere => true;

    public IReadOnlyList<ApiKey> All => [.. _keys.All.OrderBy(static k => k.Metadata.Namespace, StringComparer.Ordinal).ThenBy(static k => k.Metadata.Name, StringComparer.Ordinal)];

    public void Dispose() => _keys.Changed -= OnChanged;

    public bool Requires(string space) => _keys.Requires(space);

    public async Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken)
    {
        var text = KeyText.New();
        var key = new ApiKey
        {
            Metadata = new ObjectMeta { Name = draft.Name, Namespace = draft.Space },
            Spec = new ApiKeySpec
            {
                Digest = KeyText.Digest(text),
                Description = draft.Description,
                Models = draft.Models.Count > 0 ? draft.Models : null,
                RequestsPerMinute = draft.RequestsPerMinute,
                TokensPerMinute = draft.TokensPerMinute,
                ConcurrentRequests = draft.ConcurrentRequests,
                Expires = draft.Days is { } days ? _time.GetUtcNow() + TimeSpan.FromDays(days) : null,
            },
        };
        var refusal = await TryAsync(
            async () =>
            {
                await _client.CreateAsync(Kinds.ApiKeys, key, cancellationToken);
                return null;
            },
            refused => refused.Code is HttpStatusCode.Conflict
                ? $"There is a key {draft.Space}/{draft.Name} already. Delete it first, or take another name: a key is drawn once and cannot be shown again." : null);
        return refusal is null ? new KeyMade(text, null) : new KeyMade(null, refusal);
    }

    public Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var name = new NamespacedName(key.Metadata.Namespace ?? "default", key.Metadata.Name!);
        // The one that was shown, and none of the same name that somebody made since.
        return TryAsync(
            async () => await _client.DeleteAsync(Kinds.ApiKeys, name, cancellationToken, key.Metadata.Uid) ? null : $"There is no key {name} any more.",
            refused => refused.Code is HttpStatusCode.Conflict ? $"The key {name} is another one by now; look at it first." : null);
    }

    private static async Task<string?> TryAsync(Func<Task<string?>> call, Func<KubeApiException, string?> words)
    {
        try
        {
            return await call();
        }
        catch (KubeApiException refused)
        {
            return words(refused) ?? refused.Message;
        }
        catch (HttpRequestException unreachable)
        {
            return $"The Kubernetes API does not answer: {unreachable.Message}. Try again when it does.";
        }
    }

    private void OnChanged() => Changed?.Invoke();
}

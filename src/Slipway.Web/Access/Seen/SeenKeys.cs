using Slipway.Api.Keys;
using Slipway.Web.Settings.Keys;

namespace Slipway.Web.Access.Seen;

/// <summary>The keys that a person may see. Whether a namespace demands one concerns everybody who sees a deployment of it.</summary>
internal sealed class SeenKeys : IKeys, IDisposable
{
    private readonly IKeys _all;
    private readonly IRights _rights;

    public SeenKeys(IKeys all, IRights rights)
    {
        (_all, _rights) = (all, rights);
        _all.Changed += OnChanged;
        _rights.Changed += OnChanged;
    }

    public event Action? Changed;

    public bool AreThere => _rights.Fault is null && _all.AreThere;

    public IReadOnlyList<ApiKey> All => [.. _all.All.Where(k => _rights.May(Right.SeeKeys, Space(k)))];

    public void Dispose()
    {
        _all.Changed -= OnChanged;
        _rights.Changed -= OnChanged;
    }

    public bool Requires(string space) => _rights.May(Right.SeeDeployments, space) && _all.Requires(space);

    public async Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        KeyMade? made = null;
        var refusal = await Answer.OfAsync(
            _rights, Right.MakeKeys, draft.Space, draft.Name,
            async () =>
            {
                made = await _all.CreateAsync(draft, cancellationToken);
                return made.Refusal;
            },
            cancellationToken);
        return refusal is null ? made! : new KeyMade(null, refusal);
    }

    public Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.DeleteKeys, Space(key), key.Metadata.Name, () => _all.DeleteAsync(key, cancellationToken), cancellationToken);

    private void OnChanged() => Changed?.Invoke();

    private static string Space(ApiKey key) => key.Metadata.Namespace ?? "default";
}

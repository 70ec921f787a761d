using Slipway.Api.Keys;
using Slipway.Web.Settings.Keys;

namespace Slipway.Up.Page;

/// <summary>Where the gateway is not Slipway's own, keys are not either.</summary>
internal sealed class NoKeys : IKeys
{
    private const string Why = "The gateway of this cluster is not Slipway's own: it has keys of its own, or none.";

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public bool AreThere => false;

    public IReadOnlyList<ApiKey> All => [];

    public bool Requires(string space) => false;

    public Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken) => Task.FromResult(new KeyMade(null, Why));

    public Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken) => Task.FromResult<string?>(Why);
}

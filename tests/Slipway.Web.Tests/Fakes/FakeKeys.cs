using Slipway.Api.Keys;
using Slipway.Api.Meta;
using Slipway.Web.Settings.Keys;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Keys that a test makes.</summary>
internal sealed class FakeKeys : IKeys
{
    private readonly List<ApiKey> _keys = [];
    private readonly HashSet<string> _required = [];

    public event Action? Changed;

    public string? Refusal { get; set; }

    public List<KeyDraft> Wanted { get; } = [];

    public bool AreThere { get; set; } = true;

    public IReadOnlyList<ApiKey> All => _keys;

    public bool Requires(string space) => _required.Contains(space);

    public Task<KeyMade> CreateAsync(KeyDraft draft, CancellationToken cancellationToken)
    {
        Wanted.Add(draft);
        if (Refusal is not null) return Task.FromResult(new KeyMade(null, Refusal));
        Put(Key(draft.Space, draft.Name));
        return Task.FromResult(new KeyMade("slk_secret", null));
    }

    public Task<string?> DeleteAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (Refusal is null) _keys.RemoveAll(k => k.Metadata.Uid == key.Metadata.Uid);
        Changed?.Invoke();
        return Task.FromResult(Refusal);
    }

    public void Put(ApiKey key)
    {
        _keys.Add(key);
        Changed?.Invoke();
    }

    public void Require(string space)
    {
        _required.Add(space);
        Changed?.Invoke();
    }

    public static ApiKey Key(string space, string name) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = space, Uid = $"{space}/{name}" },
        Spec = new ApiKeySpec { Digest = "sha256:" + new string('0', 64) },
    };
}

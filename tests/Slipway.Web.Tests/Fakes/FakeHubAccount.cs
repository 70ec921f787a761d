using Slipway.Web.Settings.Account;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A hub that knows one token.</summary>
internal sealed class FakeHubAccount : IHubAccount
{
    public const string Right = "hf_right";

    public bool IsMine { get; set; } = true;

    public HubAccountState State { get; set; } = new(null, null, null, false, new Uri("https://hub/settings/tokens"));

    public Task<HubAccountState> LookAsync(CancellationToken cancellationToken) => Task.FromResult(State);

    public Task<string?> SignInAsync(string token, CancellationToken cancellationToken)
    {
        if (token != Right) return Task.FromResult<string?>("The hub does not know this token.");
        State = State with { Name = "ada", Role = "read" };
        return Task.FromResult<string?>(null);
    }

    public Task<string?> SignOutAsync(CancellationToken cancellationToken)
    {
        State = State with { Name = null, Role = null, Fault = null };
        return Task.FromResult<string?>(null);
    }
}

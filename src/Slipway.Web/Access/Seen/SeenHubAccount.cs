using Slipway.Web.Settings.Account;

namespace Slipway.Web.Access.Seen;

/// <summary>Where people sign in, nobody sees who the program's user is at the hub, and nobody changes it: there is nothing behind it.</summary>
internal sealed class SeenHubAccount : IHubAccount
{
    private const string Refusal = "Slipway's own sign-in at the hub is that of whoever started it: slipway hub login, on its machine.";

    public bool IsMine => false;

    public Task<HubAccountState> LookAsync(CancellationToken cancellationToken) => Task.FromResult(new HubAccountState(null, null, Refusal, false, new Uri("https://huggingface.co/settings/tokens")));

    public Task<string?> SignInAsync(string token, CancellationToken cancellationToken) => Task.FromResult<string?>(Refusal);

    public Task<string?> SignOutAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(Refusal);
}

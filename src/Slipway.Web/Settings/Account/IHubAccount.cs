namespace Slipway.Web.Settings.Account;

/// <summary>Who this machine is at the Hugging Face Hub. No token comes back from it.</summary>
public interface IHubAccount
{
    /// <summary>Whether it is theirs who use the page. Where people sign in it is not: it belongs to whoever started the program.</summary>
    bool IsMine { get; }

    /// <summary>Asks the hub whose token is used.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    Task<HubAccountState> LookAsync(CancellationToken cancellationToken);

    /// <summary>Asks the hub whose token it is, and keeps it where <c>slipway hub login</c> does.</summary>
    /// <param name="token">An access token.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is kept.</returns>
    Task<string?> SignInAsync(string token, CancellationToken cancellationToken);

    /// <summary>Forgets the token on this machine.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when there is none any more.</returns>
    Task<string?> SignOutAsync(CancellationToken cancellationToken);
}

/// <summary>Who a machine is at the hub.</summary>
/// <param name="Name">The user or organisation; null for nobody, or where the hub did not say.</param>
/// <param name="Role">What the token may, in the hub's word; null when it does not say.</param>
/// <param name="Fault">Why the hub did not say; null when it did, or nobody is signed in.</param>
/// <param name="FromEnvironment">Whether the token is that of <c>HF_TOKEN</c>, which goes before one that is kept.</param>
/// <param name="TokensPage">Where tokens are made.</param>
public sealed record HubAccountState(string? Name, string? Role, string? Fault, bool FromEnvironment, Uri TokensPage)
{
    /// <summary>Whether there is a token.</summary>
    public bool HasToken => Name is not null || Fault is not null;
}

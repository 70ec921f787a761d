using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Web.Access;

/// <summary>Who a request or a circuit belongs to, for as long as it lasts: a circuit stays with the session that opened it, whoever takes it up again.</summary>
/// <param name="house">Knows who is in; null where everybody who comes is the one who started the program.</param>
/// <param name="services">Those of the request or circuit.</param>
internal sealed class Visitor(Gatehouse? house, IServiceProvider services)
{
    private Session? _session;

    /// <summary>The person; null where nobody signs in.</summary>
    public Person? Person => house is null ? null : Session.Person;

    /// <summary>When the session ends at the latest; null where nobody signs in.</summary>
    public DateTimeOffset? Ends => house is null ? null : Session.Ends;

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Over => house is null ? CancellationToken.None : Session.Over;

    /// <summary>What they work with.</summary>
    /// <exception cref="UnauthorizedAccessException">Nobody is signed in.</exception>
    public Desk Desk => Session.Desk!;

    private Session Session => _session ??= Find() ?? throw new UnauthorizedAccessException("Nobody is signed in here. Load the page again.");

    public void Enter(Session session) => _session ??= session;

    // A circuit has the user of the request that opened it, which the framework hands on.
    private Session? Find() =>
        services.GetService<AuthenticationStateProvider>()?.GetAuthenticationStateAsync() is { IsCompletedSuccessfully: true } state
        && state.Result.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? house!.Sessions.FindById(id)
            : null;
}

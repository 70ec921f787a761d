using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Web.Access.Oidc;

/// <summary>Asks the provider for new tokens before those of its sessions end, and ends a session whose provider says no.</summary>
/// <param name="house">Knows who is in.</param>
/// <param name="provider">The provider.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class TokenRenewer(Gatehouse house, OidcProvider provider, TimeProvider time, ILogger<TokenRenewer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Gatehouse.Pace, time);
        // One round at a time: a provider may take a refresh token that is shown twice for a stolen one.
        while (await pace.WaitForNextTickAsync(stoppingToken))
            await Parallel.ForEachAsync(house.Sessions.All.Where(s => s.IsDue(time.GetUtcNow())), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken }, RenewAsync);
    }

    private async ValueTask RenewAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Grant is not { } grant) return;
        try
        {
            await house.RenewAsync(session, await provider.RenewAsync(grant, cancellationToken), cancellationToken);
        }
        catch (OidcException refused) when (refused.Refused)
        {
            LogRefused(log, session.Person.Name, refused.Message);
            house.Sessions.End(session, SessionEnd.ProviderRefused);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // There is time for another try, until the token that there is ends.
            LogFailed(log, session.Person.Name, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The session of {Person} ends: {Why}")]
    private static partial void LogRefused(ILogger logger, string person, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The token of {Person} was not renewed yet: {Why}")]
    private static partial void LogFailed(ILogger logger, string person, string why);
}

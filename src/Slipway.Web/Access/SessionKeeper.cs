using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Web.Access;

/// <summary>Ends sessions when their time comes, and asks the API again for those with a page open.</summary>
/// <param name="house">Knows who is in.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class SessionKeeper(Gatehouse house, TimeProvider time, ILogger<SessionKeeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Gatehouse.Pace, time);
        while (await pace.WaitForNextTickAsync(stoppingToken))
        {
            house.Sessions.Sweep();
            await Parallel.ForEachAsync(house.Sessions.All.Where(static s => s.Circuits > 0), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken }, async (session, stop) =>
            {
                try
                {
                    await house.KeepAsync(session, stop);
                }
                catch (Exception unasked) when (unasked is not OperationCanceledException)
                {
                    // One person's trouble is not another's; what is not asked is not allowed.
                    LogUnasked(log, unasked);
                }
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What a person at the page may do could not be asked")]
    private static partial void LogUnasked(ILogger logger, Exception failure);
}

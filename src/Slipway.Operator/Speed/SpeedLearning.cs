using Microsoft.Extensions.Logging;
using Slipway.Capacity.Learning;

namespace Slipway.Operator.Speed;

/// <summary>Learns how fast models are beside everything else; nothing waits for it, and nothing breaks when it does.</summary>
/// <param name="keeper">Learns.</param>
/// <param name="loggers">The logs.</param>
public sealed partial class SpeedLearning(SpeedKeeper keeper, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _log = loggers.CreateLogger<SpeedLearning>();
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start()
    {
        keeper.Failed += LogFailed;
        _run = Task.Run(() => keeper.RunAsync(_stop.Token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was learned about speed cannot be kept: {Why}")]
    private partial void LogFailed(string why);
}

namespace Slipway.Capacity.Cost;

/// <summary>Where what was spent is kept: a file on one machine, an object in a cluster.</summary>
public interface ICostHistoryStore
{
    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The history, empty when there is none, and what is wrong with it; null when nothing is.</returns>
    Task<(CostHistory History, string? Fault)> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes it.</summary>
    /// <param name="history">The history.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Why it could not be written; null when it was.</returns>
    Task<string?> WriteAsync(CostHistory history, CancellationToken cancellationToken);
}

using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>Where what was learned about speed is kept: a file on one machine, an object in a cluster.</summary>
public interface ISpeedStore
{
    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>What is kept, nothing when there is none; and what is wrong with it, null when nothing is.</returns>
    Task<(LearnedSpeed Learned, string? Fault)> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes it.</summary>
    /// <param name="learned">All that is to be kept.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Why it could not be written; null when it was.</returns>
    Task<string?> WriteAsync(LearnedSpeed learned, CancellationToken cancellationToken);
}

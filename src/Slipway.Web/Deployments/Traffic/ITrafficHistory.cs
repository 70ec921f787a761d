namespace Slipway.Web.Deployments.Traffic;

/// <summary>What deployments did since Slipway began, as the gateway saw it and as engines say; a day at most.</summary>
public interface ITrafficHistory
{
    /// <summary>What a deployment did, stretch by stretch, the oldest first, up to now.</summary>
    /// <param name="space">The deployment's namespace.</param>
    /// <param name="name">The deployment's name.</param>
    /// <param name="back">How far back; a day at most.</param>
    /// <param name="step">How long a stretch is at least.</param>
    /// <returns>The stretches since the first request; none when there was none. Null when there is no such deployment.</returns>
    IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step);

    /// <summary>How busy a deployment's engines were and what it cost, stretch by stretch, the oldest first; stretches of which nothing is known are left out.</summary>
    /// <param name="space">The deployment's namespace.</param>
    /// <param name="name">The deployment's name.</param>
    /// <param name="back">How far back; a day at most.</param>
    /// <param name="step">How long a stretch is at least.</param>
    IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step);

    /// <summary>Whether there is somebody who remembers for longer: a Prometheus.</summary>
    bool RemembersMore { get; }

    /// <summary>The same for longer than a day, from whoever remembers it.</summary>
    /// <param name="space">The deployment's namespace.</param>
    /// <param name="name">The deployment's name.</param>
    /// <param name="back">How far back.</param>
    /// <param name="step">How long a stretch is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">They do not answer; the message says what they said.</exception>
    Task<IReadOnlyList<LoadStretch>> LongerAsync(string space, string name, TimeSpan back, TimeSpan step, CancellationToken cancellationToken);
}

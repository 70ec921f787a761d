using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Deployments.Logs;

/// <summary>What the engines of a deployment write, as <c>slipway logs</c> shows it.</summary>
public interface IEngineLogs
{
    /// <summary>The last lines and then the new ones, in batches as they come, until the caller stops.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="lines">How many of the lines that are there already, of each replica.</param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="IOException">A log cannot be read.</exception>
    IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, CancellationToken cancellationToken);
}

/// <summary>A line of a log.</summary>
/// <param name="Replica">Number of the replica that wrote it, from 0.</param>
/// <param name="Text">The line, without its end.</param>
public readonly record struct LogLine(int Replica, string Text);

using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Web.Rollouts;

/// <summary>The rollouts as the page sees and changes them. What the cluster refuses is an answer, not an exception.</summary>
public interface IRollouts
{
    /// <summary>Raised when a rollout came, changed or went; on a flow that must not be held up.</summary>
    event Action? Changed;

    /// <summary>The rollouts, the newest first.</summary>
    IReadOnlyList<ModelRollout> All { get; }

    /// <summary>Finds a rollout; null when there is none.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    ModelRollout? Find(string space, string name);

    /// <summary>Reads what a gate found.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<GateFindings> FindingsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken);

    /// <summary>Goes on where a rollout waits.</summary>
    /// <param name="rollout">The rollout as it was shown; one that changed since is left as it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is approved.</returns>
    Task<string?> ApproveAsync(ModelRollout rollout, CancellationToken cancellationToken);

    /// <summary>Takes all traffic back to the model as it was.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it goes back.</returns>
    Task<string?> AbortAsync(ModelRollout rollout, CancellationToken cancellationToken);

    /// <summary>The suites that a rollout of a namespace may ask: its own, then those that come with Slipway.</summary>
    /// <param name="space">The namespace.</param>
    IReadOnlyList<SuiteOffer> Suites(string space);

    /// <summary>What speaks against a rollout before it is begun: its suite is too small to show what is asked, or cannot be used.</summary>
    /// <param name="draft">The rollout.</param>
    /// <returns>What, and what to do; null when nothing does.</returns>
    string? Doubt(RolloutDraft draft);

    /// <summary>Begins a rollout: puts its suite and its gate where they are not yet, and declares it.</summary>
    /// <param name="draft">The rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> BeginAsync(RolloutDraft draft, CancellationToken cancellationToken);

    /// <summary>Asks for the removal of a rollout, and of the gate of its name; a deployment that took the place stays.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it goes.</returns>
    Task<string?> DeleteAsync(ModelRollout rollout, CancellationToken cancellationToken);
}

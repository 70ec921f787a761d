namespace Slipway.Web.Rollouts.Begin;

/// <summary>A suite that a rollout may ask.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for, and what it cannot show.</param>
/// <param name="Prompts">How many prompts it has; null where it was not read yet.</param>
/// <param name="Bundled">Whether it comes with Slipway, and is put into the namespace when it is asked.</param>
public sealed record SuiteOffer(string Name, string Description, long? Prompts, bool Bundled);

namespace Slipway.Web.Deployments.Upstream;

/// <summary>An object that a runtime made of a deployment, or would make.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Manifest">As it is rendered, YAML.</param>
/// <param name="IsThere">Whether there is one.</param>
/// <param name="Differences">Where what is there is not as it was rendered; what others add is no difference.</param>
public sealed record UpstreamObject(string Kind, string Name, string Manifest, bool IsThere, IReadOnlyList<UpstreamDifference> Differences);

/// <summary>A field that is not as it was rendered.</summary>
/// <param name="Path">Where, as <c>spec.replicas</c>.</param>
/// <param name="Wanted">What was rendered, as JSON.</param>
/// <param name="Is">What is there, as JSON; null where it is not.</param>
public sealed record UpstreamDifference(string Path, string Wanted, string? Is);

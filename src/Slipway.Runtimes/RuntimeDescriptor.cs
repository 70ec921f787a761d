using Slipway.Api.Providers;

namespace Slipway.Runtimes;

/// <summary>What a runtime is and can do.</summary>
/// <param name="Name">Its name in `provider.name`.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Object">The kind of object that it renders to.</param>
/// <param name="Spec">Its capabilities and selection rules, as it registers them.</param>
public sealed record RuntimeDescriptor(string Name, string DisplayName, string Description, RuntimeObject Object, InferenceProviderSpec Spec);

/// <summary>The kind of object that a runtime renders to.</summary>
/// <param name="Group">Its API group.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Plural">Its name in paths.</param>
public sealed record RuntimeObject(string Group, string Version, string Kind, string Plural);

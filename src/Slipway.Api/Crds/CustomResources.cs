using System.Collections.Immutable;

namespace Slipway.Api.Crds;

/// <summary>The CustomResourceDefinitions of Slipway's kinds, as generated from the records.</summary>
public static class CustomResources
{
    /// <summary>The names of the definitions, such as `modeldeployments.airunway.ai`.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "modeldeployments.airunway.ai", "inferenceproviderconfigs.airunway.ai", "localengines.slipway.dev", "evaluationsuites.slipway.dev", "qualitygates.slipway.dev",
        "modelrollouts.slipway.dev", "rolloutrecords.slipway.dev", "rolloutevidences.slipway.dev", "evaluationschedules.slipway.dev", "apikeys.slipway.dev",
    ];

    /// <summary>Reads a definition.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The definition as JSON.</returns>
    /// <exception cref="ArgumentException">There is no such definition.</exception>
    public static byte[] Read(string name)
    {
        using var stream = typeof(CustomResources).Assembly.GetManifestResourceStream($"{name}.json")
            ?? throw new ArgumentException($"No definition is named {name}.", nameof(name));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

using System.Globalization;
using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Manifests;

/// <summary>Deployments like others.</summary>
internal static class Copies
{
    private const int LongestName = 63;

    /// <summary>A deployment like another, by a name that is free, and asked for by a name of its own: two that answer to one name would be one for whoever asks.</summary>
    /// <param name="like">The other.</param>
    /// <param name="all">Those that there are.</param>
    public static ModelDeployment Of(ModelDeployment like, IEnumerable<ModelDeployment> all)
    {
        var (space, stem) = (like.Metadata.Namespace, like.Metadata.Name ?? "model");
        var taken = all.Where(d => d.Metadata.Namespace == space).Select(static d => d.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var name = Enumerable.Range(2, taken.Count + 1).Select(n => Named(stem, n)).First(n => !taken.Contains(n));
        return new ModelDeployment
        {
            Metadata = new() { Name = name, Namespace = space, Labels = like.Metadata.Labels },
            Spec = like.Spec with { Gateway = (like.Spec.Gateway ?? new()) with { ModelName = name } },
        };
    }

    private static string Named(string stem, int number)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $"-{number}");
        return stem[..Math.Min(stem.Length, LongestName - end.Length)].TrimEnd('-', '.') + end;
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes;

namespace Slipway.Operator.Upstream;

/// <summary>Asks a server which of Kubernetes' own kinds it serves (its discovery documents).</summary>
internal static class Discovery
{
    /// <summary>The versions of a kind that are served, of those that will do; null when the server cannot be asked now.</summary>
    /// <param name="client">The server.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    public static async Task<ImmutableArray<string>?> VersionsAsync(KubeClient client, RuntimeObject kind, CancellationToken cancellationToken)
    {
        var served = ImmutableArray.CreateBuilder<string>();
        foreach (var version in kind.OtherVersions.Prepend(kind.Version))
        {
            if (await ServesAsync(client, kind with { Version = version }, cancellationToken) is not { } serves) return null;
            if (serves) served.Add(version);
        }

        return served.ToImmutable();
    }

    private static async Task<bool?> ServesAsync(KubeClient client, RuntimeObject kind, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.Connection.Http.GetAsync($"/apis/{kind.Group}/{kind.Version}", cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await ListsAsync(response, kind, cancellationToken),
                HttpStatusCode.NotFound or HttpStatusCode.Forbidden => false,
                _ => null,
            };
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<bool?> ListsAsync(HttpResponseMessage response, RuntimeObject kind, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return document.RootElement.TryGetProperty("resources", out var resources) && resources.ValueKind is JsonValueKind.Array
            && resources.EnumerateArray().Any(r => r.TryGetProperty("name", out var name) && name.ValueEquals(kind.Plural));
    }
}

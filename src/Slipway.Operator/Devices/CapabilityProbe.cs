using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.Devices;

/// <summary>Finds out what a cluster can of devices and gangs, and keeps it until the server is another one.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
/// <param name="gangsOnly">Whether only gangs matter: then nothing is tried that takes rights beyond a runtime's own.</param>
public sealed class CapabilityProbe(KubeClient client, TimeProvider time, bool gangsOnly = false)
{
    /// <summary>How often the server is asked for its version.</summary>
    public static readonly TimeSpan VersionEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long an answer holds for one version: feature gates change without one.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private (ClusterCapabilities Found, DateTimeOffset At, DateTimeOffset Version)? _last;

    /// <summary>What the cluster can.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was found; that which was found before where the server does not answer now.</returns>
    /// <exception cref="HttpRequestException">The server does not answer, and never did.</exception>
    public async Task<ClusterCapabilities> GetAsync(CancellationToken cancellationToken)
    {
        var last = _last;
        var now = time.GetUtcNow();
        if (last is { } known && now < known.Version + VersionEvery) return known.Found;
        try
        {
            var version = await VersionAsync(cancellationToken);
            var found = last is { } same && same.Found.ServerVersion == version && now < same.At + Fresh ? same.Found : null;
            var at = found is null ? now : last!.Value.At;
            found ??= await ProbeAsync(version, cancellationToken);
            lock (_lock) _last = (found, at, now);
            return found;
        }
        catch (HttpRequestException) when (last is not null)
        {
            return last.Value.Found;
        }
    }

    private async Task<ClusterCapabilities> ProbeAsync(string version, CancellationToken cancellationToken)
    {
        var claims = (await ServedAsync("resource.k8s.io", "v1", cancellationToken)).Contains("resourceclaimtemplates");
        var fields = ImmutableArray.CreateBuilder<FieldSupport>();
        foreach (var probe in claims && !gangsOnly ? FieldProbes.Devices : []) fields.Add(await probe.TryAsync(client, cancellationToken));
        GangDialect? served = null;
        foreach (var dialect in GangDialect.All)
        {
            if (served is null && (await ServedAsync("scheduling.k8s.io", dialect.Version, cancellationToken)).Contains(dialect.Plural)) served = dialect;
        }

        if (served is null)
            return new(version, claims, fields.ToImmutable(), new(null, "the cluster serves no gangs (PodGroup, scheduling.k8s.io): turn on the feature gate GenericWorkload and its API on the server, from Kubernetes 1.35 on"));
        var kept = await FieldProbes.Pod(served).TryAsync(client, cancellationToken);
        var gangs = kept.State switch
        {
            FieldState.Kept => new GangSupport(served, ""),
            FieldState.Dropped => new GangSupport(null, $"the cluster serves scheduling.k8s.io/{served.Version} and drops {served.PodField} of pods without a word: turn on the feature gate GenericWorkload"),
            _ => new GangSupport(null, $"whether the cluster keeps {served.PodField} of pods could not be tried: {kept.Why}"),
        };
        foreach (var (field, probe) in gangs.Dialect is null ? [] : FieldProbes.Gangs(served))
        {
            var found = await probe.TryAsync(client, cancellationToken);
            fields.Add(found);
            if (found.State is FieldState.Kept) gangs = gangs with { Fields = gangs.Fields | field };
        }

        return new(version, claims, fields.ToImmutable(), gangs);
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        using var document = await DocumentAsync("/version", cancellationToken);
        return document?.RootElement.TryGetProperty("gitVersion", out var version) == true && version.ValueKind is JsonValueKind.String ? version.GetString()! : "";
    }

    private async Task<ImmutableHashSet<string>> ServedAsync(string group, string version, CancellationToken cancellationToken)
    {
        using var document = await DocumentAsync($"/apis/{group}/{version}", cancellationToken);
        return document?.RootElement.TryGetProperty("resources", out var resources) == true && resources.ValueKind is JsonValueKind.Array
            ? [.. resources.EnumerateArray().Select(static r => r.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "")] : [];
    }

    private async Task<JsonDocument?> DocumentAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await client.Connection.Http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden) return null;
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"the server answers {(int)response.StatusCode} to {path}", null, response.StatusCode);
        try
        {
            return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

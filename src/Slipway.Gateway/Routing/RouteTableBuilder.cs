using System.Collections.Frozen;
using System.Collections.Immutable;
using Slipway.Api.LocalEngines;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Routing;

/// <summary>Makes the routes from the deployments and the processes on this machine. Pure, but for backends kept for their counts.</summary>
public static class RouteTableBuilder
{
    /// <summary>Makes the routes.</summary>
    /// <param name="deployments">The deployments.</param>
    /// <param name="engines">The processes on this machine.</param>
    /// <param name="rollouts">The rollouts, which say how many requests go to whom.</param>
    /// <param name="previous">The routes before, whose backends and counts are kept.</param>
    /// <param name="recording">What is recorded of each namespace; those that it does not name have nothing recorded.</param>
    /// <param name="silent">Why nothing answers for a deployment whatever its status says, in words, as where its nodes are simulated; null where something does.</param>
    /// <returns>The routes.</returns>
    public static RouteTable Build(
        IEnumerable<ModelDeployment> deployments, IEnumerable<LocalEngine> engines, IEnumerable<ModelRollout> rollouts, RouteTable previous, IReadOnlyDictionary<string, RecordingRule>? recording = null,
        Func<ModelDeployment, string?>? silent = null)
    {
        var known = previous.Deployments.Values.SelectMany(r => r.Backends).Concat(previous.Draining).DistinctBy(b => b.Address).ToDictionary(b => b.Address, StringComparer.Ordinal);
        var local = engines.ToDictionary(e => (e.Metadata.Namespace, e.Metadata.Name));
        var all = deployments.ToList();
        var routes = new Dictionary<string, Route>(StringComparer.Ordinal);
        var byDeployment = all.ToDictionary(
            Name,
            d => RouteTo(d, local, known, previous.Deployments.GetValueOrDefault(Name(d))?.Traffic ?? new(), silent?.Invoke(d)) with { Recording = recording?.GetValueOrDefault(d.Metadata.Namespace ?? "") },
            StringComparer.Ordinal);
        foreach (var rollout in rollouts)
        {
            var stable = $"{rollout.Metadata.Namespace}/{rollout.Spec.DeploymentRef.Name}";
            if (!byDeployment.TryGetValue(stable, out var rolled) || !byDeployment.TryGetValue($"{rollout.Metadata.Namespace}/{rollout.Status?.CandidateName}", out var to)) continue;
            byDeployment[stable] = rolled with
            {
                Split = TrafficShare.Of(rollout) is { } share
                    ? new Split(to, share.Weight) { Control = share.Control is { } name ? byDeployment.GetValueOrDefault($"{rollout.Metadata.Namespace}/{name}") : null, ControlWeight = share.ControlWeight } : rolled.Split,
                Copying = TrafficCopy.Of(rollout) is { } copy ? new Copying(to, copy.Percent, copy.Concurrency, copy.Patience) : rolled.Copying,
            };
        }

        foreach (var name in all.Select(ServedModel.RoutedName).Distinct(StringComparer.Ordinal))
        {
            if (ModelNames.Owner(all, name) is { } owner) routes[name] = byDeployment[Name(owner)];
        }

        // The model's full id leads there too, unless some deployment goes by that very name.
        foreach (var route in all.OrderBy(d => d.Metadata.CreationTimestamp).Where(d => d.Spec.Model.Id is not null))
        {
            if (routes.TryGetValue(ServedModel.RoutedName(route), out var same) && same.Deployment == Name(route))
                routes.TryAdd(route.Spec.Model.Id!, same);
        }

        return new RouteTable(routes) { Deployments = byDeployment.ToFrozenDictionary(StringComparer.Ordinal), Draining = Draining(known.Values, byDeployment.Values) };
    }

    private static ImmutableArray<Backend> Draining(IEnumerable<Backend> known, IEnumerable<Route> routes)
    {
        var taken = routes.SelectMany(static r => r.Backends).ToHashSet();
        var left = known.Where(b => !taken.Contains(b)).ToList();
        // Whatever answers at that address later is likely to be another process.
        foreach (var backend in left) backend.Prefixes.Forget();
        return [.. left.Where(static b => b.InFlight > 0)];
    }

    private static Route RouteTo(
        ModelDeployment deployment, Dictionary<(string?, string?), LocalEngine> local, Dictionary<string, Backend> known, DeploymentTraffic traffic, string? silent)
    {
        var addresses = local.TryGetValue((deployment.Metadata.Namespace, deployment.Metadata.Name), out var engine)
            ? (engine.Status?.Replicas ?? []).Where(r => r is { State: "Ready", Port: not null }).Select(r => new Uri($"http://127.0.0.1:{r.Port}"))
            : silent is null ? Cluster(deployment) : [];
        var backends = addresses.Select(a => new Backend(a)).Select(b => known.GetValueOrDefault(b.Address, b)).ToImmutableArray();
        var failed = deployment.Status?.Phase is DeploymentPhase.Failed || deployment.Spec.Scaling?.Replicas == 0;
        return new Route(
            ServedModel.RoutedName(deployment), Name(deployment), backends, silent ?? deployment.Status?.Message ?? "The deployment has only just been made", !failed && silent is null,
            deployment.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch)
        {
            Traffic = traffic,
            Generation = deployment.Metadata.Generation,
        };
    }

    private static IEnumerable<Uri> Cluster(ModelDeployment deployment) =>
        deployment.Status is { Phase: DeploymentPhase.Running, Endpoint: { Service: { } service, Port: { } port } }
            ? [new Uri($"http://{service}.{deployment.Metadata.Namespace}:{port}")]
            : [];

    private static string Name(ModelDeployment deployment) => $"{deployment.Metadata.Namespace}/{deployment.Metadata.Name}";
}

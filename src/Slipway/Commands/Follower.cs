using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;

namespace Slipway.Commands;

/// <summary>Watches for a command.</summary>
internal static class Follower
{
    public static Informer<T> Watch<T>(KubeClient client, Resource<T> resource)
        where T : class => new(client, resource, TimeProvider.System, NullLogger<Informer<T>>.Instance);
}

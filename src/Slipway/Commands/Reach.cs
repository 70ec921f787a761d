using Slipway.Kubernetes.Connection;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>The way to one Slipway: its API and its gateway.</summary>
internal sealed class Reach(DataDirectory data, string? kubeconfig, string? context, string? ns) : IDisposable
{
    private KubeConnection? _connection;

    public DataDirectory Data { get; } = data;

    /// <summary>Whether a cluster was named, and not the Slipway of this machine.</summary>
    public bool IsCluster => kubeconfig is not null || context is not null;

    /// <summary>Whether there may be an API to speak to: a named cluster, or a Slipway that has run on this machine.</summary>
    public bool IsKnown => IsCluster || File.Exists(Data.Kubeconfig);

    public KubeClient Client => new(Connection);

    public string Namespace => ns ?? Connection.DefaultNamespace;

    /// <summary>The gateway of the Slipway on this machine, when it runs.</summary>
    public Uri? Gateway => Data.ReadInstance()?.Gateway;

    private KubeConnection Connection => _connection ??= Connect();

    public string Unreachable(HttpRequestException failure) => kubeconfig is null
        ? $"Slipway does not answer on {Data.Path}: {failure.Message}. Start it with: slipway up{Data.Flag}"
        : $"The cluster of {kubeconfig} does not answer: {failure.Message}";

    public void Dispose() => _connection?.Dispose();

    private KubeConnection Connect()
    {
        if (kubeconfig is not null)
        {
            return File.Exists(kubeconfig)
                ? KubeConnection.FromKubeconfig(kubeconfig, context)
                : throw new CommandFailure(ExitCodes.Unreachable, $"There is no kubeconfig {kubeconfig}.");
        }

        return File.Exists(Data.Kubeconfig)
            ? KubeConnection.FromKubeconfig(Data.Kubeconfig, context)
            : throw new CommandFailure(ExitCodes.Unreachable, $"No Slipway has run on {Data.Path} yet. Start it with: slipway up{Data.Flag}");
    }
}

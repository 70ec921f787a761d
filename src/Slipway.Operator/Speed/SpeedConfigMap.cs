using Slipway.Capacity.Learning;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Speed.Learning;
using Slipway.Operator.Keeping;

namespace Slipway.Operator.Speed;

/// <summary>What was learned about speed in a ConfigMap of the cluster, where whoever plans in it finds it.</summary>
/// <param name="client">The API.</param>
/// <param name="ns">The operator's namespace.</param>
public sealed class SpeedConfigMap(KubeClient client, string ns) : ISpeedStore
{
    private readonly ConfigMapText _text = new(client, new NamespacedName(ns, OperatorNamespace.Speed), "observations.json");

    /// <inheritdoc/>
    public async Task<(LearnedSpeed Learned, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        var (text, fault) = await _text.ReadAsync(cancellationToken);
        return text is null ? (LearnedSpeed.None, fault) : SpeedJson.Read(text);
    }

    /// <inheritdoc/>
    public Task<string?> WriteAsync(LearnedSpeed learned, CancellationToken cancellationToken) => _text.WriteAsync(SpeedJson.Write(learned), cancellationToken);
}

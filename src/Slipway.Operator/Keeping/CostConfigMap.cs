using Slipway.Capacity.Cost;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Keeping;

/// <summary>What was spent in a ConfigMap of the cluster.</summary>
/// <param name="client">The API.</param>
/// <param name="ns">The operator's namespace.</param>
public sealed class CostConfigMap(KubeClient client, string ns) : ICostHistoryStore
{
    private readonly ConfigMapText _text = new(client, new NamespacedName(ns, OperatorNamespace.Costs), "costs.csv");

    /// <inheritdoc/>
    public async Task<(CostHistory History, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        var (text, fault) = await _text.ReadAsync(cancellationToken);
        return text is null ? (new CostHistory(), fault) : CostHistoryFile.Read(new StringReader(text));
    }

    /// <inheritdoc/>
    public async Task<string?> WriteAsync(CostHistory history, CancellationToken cancellationToken)
    {
        await using var text = new StringWriter();
        CostHistoryFile.Write(text, history);
        return await _text.WriteAsync(text.ToString(), cancellationToken);
    }
}

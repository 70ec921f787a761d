using Slipway.Capacity.Learning;
using Slipway.Commands;
using Slipway.Models.Speed.Learning;
using Slipway.Operator.Keeping;
using Slipway.Operator.Speed;
using Slipway.Up;

namespace Slipway.Knowing;

/// <summary>What running deployments have shown about speed: those of this machine, or of a cluster that is named.</summary>
internal static class KnownSpeed
{
    /// <exception cref="CommandFailure">The named cluster cannot be asked.</exception>
    public static async Task<LearnedSpeed> ReadAsync(DataDirectory data, string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        // What cannot be read is no reason to say nothing of a model: an estimate that was not corrected has its wider band.
        if (kubeconfig is null && context is null) return (await new SpeedFile(data.LearnedSpeed).ReadAsync(cancellationToken)).Learned;
        using var reach = new Reach(data, kubeconfig, context, null);
        try
        {
            var (learned, fault) = await new SpeedConfigMap(reach.Client, OperatorNamespace.Usual).ReadAsync(cancellationToken);
            return fault is null ? learned : throw new CommandFailure(ExitCodes.Failed, $"What was measured in the cluster cannot be read: {fault}");
        }
        catch (InvalidDataException unusable)
        {
            throw new CommandFailure(ExitCodes.Failed, unusable.Message);
        }
    }
}

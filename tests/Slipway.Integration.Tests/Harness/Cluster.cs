using Slipway.Integration.Tests.Harness;
using Slipway.Operator;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Slipway.Integration.Tests.Harness;

/// <summary>A cluster in which Slipway's controllers run all the time.</summary>
public sealed class Cluster : BareCluster
{
    private SlipwayOperator? _slipway;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _slipway = await StartSlipwayAsync(TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_slipway is not null)
        {
            await CleanAsync();
            await _slipway.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}

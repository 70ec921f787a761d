using Slipway.Operator;

namespace Slipway.Integration.Tests.Harness;

/// <summary>A cluster in which Slipway's controllers run all the time, for the classes of one collection; other classes start a Slipway of their own.</summary>
[CollectionDefinition(Name)]
public sealed class Cluster : BareCluster, ICollectionFixture<Cluster>
{
    public const string Name = "one Slipway";

    private SlipwayOperator? _slipway;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _slipway = await StartSlipwayAsync(TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_slipway is not null) await _slipway.DisposeAsync();
        await base.DisposeAsync();
    }
}

using Slipway.Gateway.Records.History;
using Slipway.Operator;
using Slipway.Operator.Load;

namespace Slipway.Up.Page;

/// <summary>What a page shows.</summary>
/// <param name="Controllers">What there is.</param>
/// <param name="History">What Slipway's own gateway saw.</param>
/// <param name="Load">What engines said of themselves.</param>
/// <param name="Data">The folder of prices and the like.</param>
internal sealed record PageParts(SlipwayOperator Controllers, RequestHistory History, LoadHistory Load, DataDirectory Data)
{
    /// <summary>The keys of Slipway's own gateway; null in a cluster, where there is none of that.</summary>
    public GatewayKeys? Keys { get; init; }

    /// <summary>The namespace of a cluster's operator; null on one machine.</summary>
    public string? Operators { get; init; }

    /// <summary>Who remembers for longer; ended with the site. None when null.</summary>
    public PrometheusHistory? Prometheus { get; init; }
}

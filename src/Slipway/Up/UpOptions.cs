using Slipway.Simulation.Cluster;

namespace Slipway.Up;

/// <summary>What `slipway up` was asked for.</summary>
internal sealed record UpOptions(DataDirectory Data, int? ApiPort, int? GatewayPort, int? WebPort, bool OpenBrowser, bool Verbose, bool RefreshPrices)
{
    /// <summary>Who is to reach the page.</summary>
    public WebReach Web { get; init; } = WebReach.Own;

    /// <summary>The Prometheus that scrapes engines; none when null.</summary>
    public Uri? Prometheus { get; init; }

    /// <summary>The cluster to simulate beside this machine; none when null.</summary>
    public SimulationPlan? Simulation { get; init; }
}

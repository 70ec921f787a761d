using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;

namespace Slipway.Operator.Gateways;

/// <summary>Keeps the Gateway's facts at hand, and says when they differ: a Gateway's status also counts its routes, which is nothing to any of them.</summary>
internal sealed class GatewayView
{
    private readonly RuntimeWatches _watches;
    private readonly NamespacedName? _asked;
    private readonly Lock _lock = new();

    public GatewayView(RuntimeWatches watches, NamespacedName? asked)
    {
        (_watches, _asked) = (watches, asked);
        Facts = GatewayChoice.Of([], asked);
        _watches.SharedChanged += Refresh;
        _watches.ApisChanged += Refresh;
    }

    /// <summary>Raised when the facts are others.</summary>
    public event Action? Changed;

    /// <summary>The facts as they are now.</summary>
    public GatewayFacts Facts { get; private set; }

    /// <summary>Reads the facts again.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            var facts = GatewayChoice.Of(_watches.Shared(GatewayKinds.Gateway), _asked);
            if (facts == Facts) return;
            Facts = facts;
        }

        Changed?.Invoke();
    }
}

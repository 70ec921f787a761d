using Slipway.Gateway.Picking;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Routing;

/// <summary>An engine that answers requests.</summary>
/// <param name="address">Where, over HTTP.</param>
public sealed class Backend(Uri address)
{
    private int _inFlight;

    /// <summary>Where it answers.</summary>
    public string Address { get; } = address.ToString().TrimEnd('/');

    /// <summary>Requests that it works on now, as far as this gateway knows.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether it is given requests.</summary>
    public Breaker Breaker { get; } = new();

    /// <summary>Which prompts it has seen.</summary>
    public PrefixMemory Prefixes { get; } = new();

    /// <summary>The same, as connections need it.</summary>
    internal EngineAddress Wire { get; } = EngineAddress.Of(address);

    /// <summary>Counts a request in.</summary>
    public void Enter() => Interlocked.Increment(ref _inFlight);

    /// <summary>Counts a request out.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);
}

namespace Slipway.Gateway.Routing;

/// <summary>Holds the current routes; swapped whole.</summary>
public sealed class Router
{
    private RouteTable _current = RouteTable.Empty;

    /// <summary>The routes as they stand.</summary>
    public RouteTable Current => Volatile.Read(ref _current);

    /// <summary>Puts new routes in place.</summary>
    /// <param name="next">The routes.</param>
    public void Publish(RouteTable next) => Volatile.Write(ref _current, next);
}

namespace Slipway.Gateway.Routing;

/// <summary>A share of a route's requests that is copied to a candidate, which answers nobody.</summary>
/// <param name="Candidate">Where copies go.</param>
/// <param name="Percent">How many of a hundred requests are copied.</param>
/// <param name="Concurrency">How many copies it is asked at a time; more are dropped.</param>
/// <param name="Patience">How long an answer may take.</param>
public sealed record Copying(Route Candidate, int Percent, int Concurrency, TimeSpan Patience)
{
    /// <summary>Whether a request is copied.</summary>
    /// <param name="random">Chance.</param>
    public bool Takes(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Next(100) < Percent;
    }
}

namespace Slipway.Gateway.Routing;

/// <summary>A share of a route's requests that go elsewhere while a rollout is under way.</summary>
/// <param name="Candidate">Where they go.</param>
/// <param name="Weight">How many of a hundred.</param>
public sealed record Split(Route Candidate, int Weight)
{
    /// <summary>The control replica, where there is one.</summary>
    public Route? Control { get; init; }

    /// <summary>How many of a hundred go to the control replica: those at the other end of the hundred, so that no session of the candidate's is taken from it.</summary>
    public int ControlWeight { get; init; }

    /// <summary>Where a request goes.</summary>
    /// <param name="session">
    /// What says that requests belong together; null when nothing does. A session's place in the hundred never changes, so that a growing weight takes sessions over and never hands one back and forth.
    /// </param>
    /// <param name="random">Chance, for requests of no session.</param>
    /// <returns>The candidate or the control replica; null for the route itself.</returns>
    public Route? To(string? session, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var place = session is null ? random.Next(100) : Place(session);
        return place < Weight ? Candidate : place >= 100 - ControlWeight ? Control : null;
    }

    // FNV-1a of 64 bits, mixed once more: places have to be alike in every process and after every restart.
    private static int Place(string session)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in session) hash = (hash ^ c) * 1099511628211UL;
        hash ^= hash >> 32;
        return (int)(hash * 0x9E3779B97F4A7C15UL >> 40) % 100;
    }
}

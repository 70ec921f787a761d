namespace Slipway.Evaluation.Statistics;

/// <summary>How a comparison is decided.</summary>
public enum TestMethod
{
    /// <summary>By betting: looked at after every pair, and right for any number of them (<see cref="Statistics.Betting"/>).</summary>
    Betting,

    /// <summary>At a number of looks that is planned beforehand (<see cref="Statistics.GroupSequential"/>): fewer pairs for a verdict, if all of them can be asked.</summary>
    GroupSequential,

    /// <summary>At one look, after the last pair: the fewest pairs of all, and nothing before the end.</summary>
    Fixed,
}

namespace Slipway.Commands;

/// <summary>What the program's exit status means; documented in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It could not be done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The named object does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>There is no Slipway or cluster to talk to.</summary>
    public const int Unreachable = 4;

    /// <summary>It did not come about in the time given.</summary>
    public const int TimedOut = 5;

    /// <summary>A budget will be exceeded, or is.</summary>
    public const int OverBudget = 6;

    /// <summary>A model is shown to be worse than was asked for, or not shown to be as good.</summary>
    public const int NotGoodEnough = 7;

    /// <summary>What was seen is not enough to tell.</summary>
    public const int Undecided = 8;

    /// <summary>Stopped by Ctrl-C, as shells expect it.</summary>
    public const int Interrupted = 130;
}

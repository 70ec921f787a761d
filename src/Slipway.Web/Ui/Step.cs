namespace Slipway.Web.Ui;

/// <summary>One step of a path.</summary>
/// <param name="Title">What is done in it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Text">What became of it, or what is going on.</param>
/// <param name="Share">How much of it is done, 0 to 1; null when that cannot be told.</param>
public sealed record Step(string Title, StepState State, string Text = "", double? Share = null);

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>It is under way.</summary>
    Active,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It cannot be done as things are.</summary>
    Failed,
}

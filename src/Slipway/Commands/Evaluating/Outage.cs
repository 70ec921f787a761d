using Slipway.Evaluation.Running;

namespace Slipway.Commands.Evaluating;

/// <summary>Ends a run in which nothing answers any more: a whole suite of missing prompts takes long and says nothing.</summary>
internal sealed class Outage
{
    private const int Most = 12;

    private int _inARow;

    /// <summary>Notes a result.</summary>
    /// <exception cref="CommandFailure">So many prompts in a row have no score that the rest need not be asked.</exception>
    public void Note(string model, PromptResult result)
    {
        _inARow = result.IsMissing ? _inARow + 1 : 0;
        if (_inARow == Most)
            throw new CommandFailure(ExitCodes.Unreachable, $"{model} gave no answer to {Most} prompts in a row, each asked several times: {result.Reason}\nWith --results FILE a run goes on from where it was.");
    }
}

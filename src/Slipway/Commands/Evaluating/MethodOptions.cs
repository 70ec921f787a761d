using System.CommandLine;
using Slipway.Evaluation.Statistics;

namespace Slipway.Commands.Evaluating;

/// <summary>How a comparison is decided.</summary>
internal sealed class MethodOptions
{
    private const string Betting = "betting", GroupSequential = "group-sequential", Fixed = "fixed";

    private readonly Option<string> _method = new("--method")
    {
        Description = $"How it is decided: {Betting}, after any pair; {GroupSequential}, at planned looks, with fewer pairs; {Fixed}, after the last pair alone",
        HelpName = "METHOD",
        DefaultValueFactory = _ => Betting,
    };

    private readonly Option<int?> _looks = new("--looks") { Description = $"How many looks are planned, 2 to 20, for {GroupSequential} (default: {Slipway.Evaluation.Comparing.PlannedLooks.Usual})", HelpName = "N" };

    public void AddTo(Command command)
    {
        _method.AcceptOnlyFromAmong(Betting, GroupSequential, Fixed);
        _looks.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var n) || n is < 2 or > 20)) result.AddError($"--looks has to be between 2 and 20; one look is --method {Fixed}");
        });
        command.Add(_method);
        command.Add(_looks);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_looks) is { Implicit: false } && result.GetValue(_method) != GroupSequential) result.AddError($"--looks is for --method {GroupSequential}: the others look after every pair, or once.");
        });
    }

    public TestMethod Method(ParseResult parse) => parse.GetValue(_method) switch
    {
        GroupSequential => TestMethod.GroupSequential,
        Fixed => TestMethod.Fixed,
        _ => TestMethod.Betting,
    };

    public int? Looks(ParseResult parse) => parse.GetValue(_looks);
}

using System.CommandLine;
using Slipway.Api.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>The deployment that judges for a gate or a schedule.</summary>
internal sealed class GateJudgeOptions
{
    private readonly Option<string?> _judge = new("--judge") { Description = "The deployment that judges, for suites with judge graders", HelpName = "NAME" };
    private readonly Option<bool> _alone = new("--judge-alone") { Description = "Let a judge be the only one who grades a prompt" };
    private readonly Option<bool> _kin = new("--judge-kin") { Description = "Let it judge models of its own family, which models prefer" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_judge, _alone, _kin]) command.Add(option);
    }

    public JudgeSpec? Of(ParseResult parse) => parse.GetValue(_judge) is { } name
        ? new JudgeSpec { DeploymentRef = new LocalReference { Name = name }, Alone = parse.GetValue(_alone) ? true : null, Kin = parse.GetValue(_kin) ? true : null } : null;
}

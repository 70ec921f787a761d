using System.CommandLine;
using Slipway.Api.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>The deployments that judge and embed for a gate or a schedule.</summary>
internal sealed class GateJudgeOptions
{
    private readonly Option<string?> _judge = new("--judge") { Description = "The deployment that judges, for judge graders of suites and of --shadow-graders", HelpName = "NAME" };
    private readonly Option<bool> _alone = new("--judge-alone") { Description = "Let a judge be the only one who grades a prompt" };
    private readonly Option<bool> _kin = new("--judge-kin") { Description = "Let it judge models of its own family, which models prefer" };

    private readonly Option<string?> _embeddings = new("--embeddings") { Description = "The deployment that embeds, for embedding graders of suites and of --shadow-graders", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_judge, _alone, _kin, _embeddings]) command.Add(option);
    }

    public JudgeSpec? Of(ParseResult parse) => parse.GetValue(_judge) is { } name
        ? new JudgeSpec { DeploymentRef = new LocalReference { Name = name }, Alone = parse.GetValue(_alone) ? true : null, Kin = parse.GetValue(_kin) ? true : null } : null;

    public EmbeddingsSpec? Embeddings(ParseResult parse) => parse.GetValue(_embeddings) is { } name ? new EmbeddingsSpec { DeploymentRef = new LocalReference { Name = name } } : null;
}

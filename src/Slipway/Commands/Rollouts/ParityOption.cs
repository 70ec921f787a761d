using System.CommandLine;
using System.Globalization;
using Slipway.Api.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>How near the candidate has to foretell the answers of the model as it is: `--parity divergence=0.05,agreement=0.9,perplexity=1.1`.</summary>
internal sealed class ParityOption
{
    private readonly Option<string?> _limits = new("--parity") { Description = "Compare both token by token on the suite's prompts: the most divergence (nats), the least agreement (a share), the most perplexity (a multiple)", HelpName = "LIMITS" };

    public ParityOption() => _limits.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && Read(text, "suite") is null) result.AddError($"--parity takes limits such as divergence=0.05,agreement=0.9,perplexity=1.1, at least one, not \"{text}\".");
    });

    public void AddTo(Command command) => command.Options.Add(_limits);

    /// <summary>The step; null for none.</summary>
    public ParityStep? Of(ParseResult parse, string suite) => parse.GetValue(_limits) is { } text ? Read(text, suite) : null;

    /// <summary>Reads limits; null when they are none.</summary>
    public static ParityStep? Read(string text, string suite)
    {
        var step = new ParityStep { SuiteRef = new LocalReference { Name = suite } };
        foreach (var limit in text.Split(','))
        {
            if (limit.Split('=', 2) is not [var name, var number] || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return null;
            var read = (name, value) switch
            {
                ("divergence", >= 0.00001 and <= 100) => step with { MostDivergence = value },
                ("agreement", >= 0.01 and <= 1) => step with { LeastAgreement = value },
                ("perplexity", >= 1 and <= 1000) => step with { MostPerplexityRatio = value },
                _ => null,
            };
            if (read is null) return null;
            step = read;
        }

        return step;
    }
}

using System.CommandLine;
using System.Globalization;
using Slipway.Api.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>What a rollout may take up and spend.</summary>
internal sealed class CapacityOptions
{
    private readonly Option<CapacityStrategy> _strategy = new("--strategy") { Description = "Where the candidate gets what it runs on: what is free (surge), what the deployment gives up (swap), or its place while both are judged one after the other (shadowoffline)", HelpName = "surge|swap|shadowoffline" };
    private readonly Option<bool> _downtime = new("--allow-downtime") { Description = "With swap, let the deployment give up its last replica; with shadowoffline, stop it while the candidate is judged: users get 503 meanwhile" };
    private readonly Option<int?> _replicas = Number<int?>("--candidate-replicas", "Replicas of the candidate while it is judged; it gets the others before it answers everything", "N", 1);
    private readonly Option<int?> _most = Number<int?>("--max-extra-accelerators", "The most accelerators that the candidate may take beside the deployment", "N", 0);
    private readonly Option<bool> _control = new("--control-replica") { Description = "Run a copy of the model as it is beside the candidate, by whose times the candidate's are judged" };
    private readonly Option<int?> _warmup = Number<int?>("--warmup", "First answers of the candidate at each share that do not count for latency", "N", 0);
    private readonly Option<long?> _requests = Number<long?>("--budget-requests", "Wait for approval after so many requests of gates, judges, parity and recorded shadow steps", "N", 1);
    private readonly Option<long?> _tokens = Number<long?>("--budget-tokens", "Wait for approval after so many tokens of those requests", "N", 1);
    private readonly Option<double?> _money = Number<double?>("--budget-money", "Wait for approval once the candidate's accelerators cost so much, USD", "USD", 0.01);
    private readonly Option<double?> _hours = Number<double?>("--budget-accelerator-hours", "Wait for approval after so many hours of the candidate's accelerators", "HOURS", 0.001);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_strategy, _downtime, _replicas, _most, _control, _warmup, _requests, _tokens, _money, _hours]) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            // By what was typed: a value that is none is said by its option.
            var swaps = result.GetResult(_strategy)?.Tokens is [{ Value: var typed }] && !typed.Equals(nameof(CapacityStrategy.Surge), StringComparison.OrdinalIgnoreCase);
            if (result.GetValue(_downtime) && !swaps) result.AddError("--allow-downtime is of --strategy swap and shadowoffline: with surge the deployment runs on.");
            if (result.GetResult(_most) is not null && swaps) result.AddError("--max-extra-accelerators is of --strategy surge: the others take what is free, and the rest from the deployment itself.");
        });
    }

    /// <summary>What it may take up; null for the default.</summary>
    public RolloutCapacity? Capacity(ParseResult parse)
    {
        var strategy = parse.GetValue(_strategy);
        var capacity = new RolloutCapacity
        {
            Strategy = strategy is CapacityStrategy.Surge ? null : strategy,
            AllowDowntime = parse.GetValue(_downtime) ? true : null,
            CandidateReplicas = parse.GetValue(_replicas),
            MaxExtraAccelerators = parse.GetValue(_most),
            ControlReplica = parse.GetValue(_control) ? true : null,
        };
        return capacity == new RolloutCapacity() ? null : capacity;
    }

    /// <summary>What it may spend; null for no limits.</summary>
    public RolloutBudget? Budget(ParseResult parse)
    {
        var budget = new RolloutBudget { Requests = parse.GetValue(_requests), Tokens = parse.GetValue(_tokens), Money = parse.GetValue(_money), AcceleratorSeconds = parse.GetValue(_hours) * 3600 };
        return budget == new RolloutBudget() ? null : budget;
    }

    /// <summary>How many first answers do not count for latency; null for none.</summary>
    public int? Warmup(ParseResult parse) => parse.GetValue(_warmup);

    private static Option<T> Number<T>(string name, string description, string what, double least)
    {
        var option = new Option<T>(name) { Description = description, HelpName = what };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number < least))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least:0.###}, not \"{text}\"."));
        });
        return option;
    }
}

using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;
using Slipway.Commands.Models;
using Slipway.Knowing;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands.Knowing;

/// <summary>`slipway cost`.</summary>
internal static class CostCommand
{
    public static Command Create()
    {
        var target = new Target();
        var by = new Option<CostGrouping>("--by") { Description = "What the rows are", HelpName = "deployment|namespace|node", DefaultValueFactory = _ => CostGrouping.Deployment };
        var limit = new Option<decimal?>("--budget") { Description = "What the models may spend this month; exit status 6 when they will exceed it, 1 when that cannot be told", HelpName = "AMOUNT" };
        var currency = new Option<string>("--currency") { Description = "The budget's currency", HelpName = "CODE", DefaultValueFactory = _ => "USD" };
        var book = Amounts.Book();
        var format = OutputOptions.Format();
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and < 1_000_000_000_000))
                result.AddError($"--budget takes an amount above 0 such as 500 or 99.50, not \"{text}\".");
        });
        currency.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(text.Length == 3 && text.All(char.IsAsciiLetterUpper))) result.AddError($"--currency takes three capital letters such as USD, not \"{text}\".");
        });
        var command = new ExampledCommand(
            "cost",
            "Show what the models that run cost an hour, what they cost this month so far (estimated), and from which prices that comes. All namespaces, or one with -n.",
            """
              slipway cost
              slipway cost --by namespace -o json
              slipway cost history --by hour
              slipway cost -n team-a --budget 500 --currency USD
            """)
        {
            by, limit, currency, book, format, CostHistoryCommand.Create(target),
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(currency) is { Implicit: false } && result.GetResult(limit) is null) result.AddError("--currency is the budget's, and there is no --budget");
        });
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var space = target.Namespace(parse);
                var prices = await KnownPrices.ReadAsync(reach.Data.PriceStore, parse.GetValue(book));
                var budget = parse.GetValue(limit) is { } amount ? new Budget(space ?? "", amount, parse.GetValue(currency)!, Budget.UsualThresholds) : null;
                var answer = await new Answers(reach.Client, TimeProvider.System).CostsAsync(prices, parse.GetValue(by), space, budget, token);
                if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(answer, AnswersJson.Default.CostsAnswer, other);
                else Write(answer);
                return await JudgeAsync(answer.Budget);
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> JudgeAsync(BudgetAnswer? budget)
    {
        if (budget is null) return ExitCodes.Ok;
        await Console.Error.WriteLineAsync($"Budget: {budget.Message}");
        if (budget.Holds is null) await Console.Error.WriteLineAsync("slipway: Whether the budget holds cannot be told while costs are unknown. Give their prices with --prices FILE (docs/costs.md).");
        return budget.Holds switch { true => ExitCodes.Ok, false => ExitCodes.OverBudget, null => ExitCodes.Failed };
    }

    private static void Write(CostsAnswer answer)
    {
        if (answer.Rows.IsEmpty) Console.Error.WriteLine("No models are deployed. Deploy one with: slipway deploy MODEL");
        else
        {
            var table = new Table().NoBorder().AddColumns(answer.By.ToUpperInvariant(), "PODS", "HOUR", "MONTH SO FAR (ESTIMATE)", "MONTH (FORECAST)", "WHY UNKNOWN");
            foreach (var row in answer.Rows.Length > 1 ? answer.Rows.Add(answer.Models with { Name = "all" }) : answer.Rows)
                table.AddRow([.. new[] { row.Name, row.Pods.ToString(CultureInfo.InvariantCulture), Amounts.Money(row.PerHour), Amounts.Money(row.MonthSoFar), Amounts.Money(row.Forecast), row.Forecast.Unknown ?? "" }.Select(Markup.Escape)]);
            Wide.Write(table);
            Amounts.WriteOrigins(answer.Prices);
            Console.Out.WriteLine($"Shares: {answer.Rule}.");
            Console.Out.WriteLine($"Month: {answer.MonthBasis}.");
        }

        // Without nodes, as on a machine of one's own, there is nothing to sum up.
        if (answer.NodesPerHour is { Amount: not null, Currency: null }) return;
        Console.Out.WriteLine($"An hour of all nodes: {Amounts.Money(answer.NodesPerHour)}; pods of no model {Amounts.Money(answer.OthersPerHour)}, idle {Amounts.Money(answer.IdlePerHour)}.");
    }
}

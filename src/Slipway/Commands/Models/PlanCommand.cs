using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Commands.Knowing;
using Slipway.Knowing;
using Slipway.Output;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>`slipway models plan`.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var options = new ModelOptions();
        var first = new Option<double?>("--ttft") { Description = "The longest wait for a first token", HelpName = "TIME", CustomParser = Seconds.Parse };
        var gap = new Option<double?>("--itl") { Description = "The longest time between two tokens", HelpName = "TIME", CustomParser = Seconds.Parse };
        var rate = new Option<double?>("--tokens-per-second") { Description = "Tokens of answers a second over all requests", HelpName = "TOKENS" };
        var budget = new Option<decimal?>("--per-month") { Description = "The most that a month may cost", HelpName = "AMOUNT" };
        var cloud = new Option<string?>("--cloud") { Description = "Only machines of this cloud", HelpName = "aws|azure|gcp" };
        cloud.AcceptOnlyFromAmong([.. PlanQuestion.Clouds.Select(static c => c.Cloud)]);
        var region = new Option<string?>("--region") { Description = "The cloud's region, as westeurope", HelpName = "REGION" };
        var spot = new Option<bool>("--spot") { Description = "Prices of machines that the cloud may take back at any time" };
        var prices = Amounts.Book();
        var most = new Option<int>("--show") { Description = "How many plans to show", HelpName = "N", DefaultValueFactory = _ => 3 };
        var command = new ExampledCommand(
            "plan",
            "Find the cheapest machines that serve a model as fast as you ask. Prices are list prices with their date; nothing is rented.",
            """
              slipway models plan Qwen/Qwen3-32B --ttft 1s --itl 40ms --concurrency 32
              slipway models plan Qwen/Qwen3-8B --concurrency 100 --cloud azure --region westeurope
              slipway models plan ./my-model --prompt 8000 --answer 500 --gpu h100-sxm --gpu h200-sxm -o json
            """)
        {
            first, gap, rate, budget, cloud, region, spot, prices, most,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(region) is not null && result.GetValue(cloud) is null) result.AddError("--region needs --cloud, since every cloud has regions of its own");
        });
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async token =>
        {
            var question = new PlanQuestion(options.Question(parse))
            {
                FirstTokenSeconds = parse.GetValue(first),
                InterTokenSeconds = parse.GetValue(gap),
                TokensPerSecond = parse.GetValue(rate),
                PerMonth = parse.GetValue(budget),
                Cloud = parse.GetValue(cloud),
                Region = parse.GetValue(region),
                Spot = parse.GetValue(spot),
                Show = Math.Clamp(parse.GetValue(most), 1, 100),
            };
            var profile = await options.ProfileAsync(parse, token);
            var book = await KnownPrices.ReadAsync(DataDirectory.Locate(null).PriceStore, parse.GetValue(prices));
            var answer = ModelAnswerer.Plan(profile, question, book, await options.LearnedAsync(parse, token))
                ?? throw new CommandFailure(ExitCodes.NotFound, "No machine type is known that has those accelerators. Leave --gpu or --cloud out to see what there is.");
            if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.ObjectAsync(answer, AnswersJson.Default.PlansAnswer, format);
            else Write(answer);
            return answer.Plans.IsEmpty ? ExitCodes.Failed : ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    private static void Write(PlansAnswer answer)
    {
        AnsiConsole.WriteLine($"{answer.Model}: {Load.Of(answer.Traffic)}");
        var table = new Table().NoBorder().AddColumns("MACHINE", "ACCELERATORS", "REPLICAS", "HOUR", "MONTH", "1M IN / OUT", "BETWEEN TOKENS", "FIRST TOKEN", "WHY");
        foreach (var plan in answer.Plans)
        {
            var cells = new[]
            {
                $"{plan.MachineType} ({plan.Provider} {plan.Region})",
                string.Create(CultureInfo.InvariantCulture, $"{plan.DevicesPerReplica} of {plan.MachineDevices} {plan.Name}"),
                string.Create(CultureInfo.InvariantCulture, $"{plan.Replicas}"),
                Amounts.Money(plan.PerHour),
                Amounts.Money(plan.PerMonth, "N0"),
                $"{Amounts.Money(plan.PerMillionInputTokens)} / {Amounts.Money(plan.PerMillionOutputTokens)}",
                Seconds.Of(plan.Speed.InterTokenSeconds),
                Seconds.Of(plan.Speed.FirstTokenSeconds),
                plan.Why,
            };
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        if (!answer.Plans.IsEmpty) Wide.Write(table);
        else AnsiConsole.WriteLine("No machine does that:");
        foreach (var price in answer.Plans.Select(static p => p.Price).OfType<PlanPrice>().DistinctBy(static p => p.Source))
            AnsiConsole.WriteLine($"Prices: {price.Source}, {price.AsOf}, {price.Terms}. A replica pays the share of the machine that it takes.");
        foreach (var unknown in answer.Plans.Select(static p => p.PerHour.Unknown).OfType<string>().Distinct(StringComparer.Ordinal)) AnsiConsole.WriteLine($"Price unknown: {unknown}.");
        if (answer.Plans.IsEmpty)
            foreach (var refusal in answer.Refused) AnsiConsole.WriteLine($"  {refusal.Accelerator}: {refusal.Reason}");
        else if (!answer.Refused.IsEmpty) AnsiConsole.WriteLine($"Left out: {string.Join(", ", answer.Refused.Select(static r => r.Accelerator))} (-o json says why).");
    }
}

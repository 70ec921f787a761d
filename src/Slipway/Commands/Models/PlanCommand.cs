using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Planning;
using Slipway.Capacity.Prices;
using Slipway.Commands.Knowing;
using Slipway.Knowing;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Output;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Models;

/// <summary>`slipway models plan`.</summary>
internal static class PlanCommand
{
    private static readonly (string Cloud, string Region)[] s_clouds = [("aws", "us-east-1"), ("azure", "eastus"), ("gcp", "us-central1")];

    public static Command Create()
    {
        var options = new ModelOptions();
        var first = new Option<double?>("--ttft") { Description = "The longest wait for a first token", HelpName = "TIME", CustomParser = Seconds.Parse };
        var gap = new Option<double?>("--itl") { Description = "The longest time between two tokens", HelpName = "TIME", CustomParser = Seconds.Parse };
        var rate = new Option<double?>("--tokens-per-second") { Description = "Tokens of answers a second over all requests", HelpName = "TOKENS" };
        var budget = new Option<decimal?>("--per-month") { Description = "The most that a month may cost", HelpName = "AMOUNT" };
        var cloud = new Option<string?>("--cloud") { Description = "Only machines of this cloud", HelpName = "aws|azure|gcp" };
        cloud.AcceptOnlyFromAmong([.. s_clouds.Select(static c => c.Cloud)]);
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
            var profile = await options.ProfileAsync(parse, token);
            var goal = new PlanGoal(options.Traffic(parse, profile))
            {
                FirstTokenSeconds = parse.GetValue(first),
                InterTokenSeconds = parse.GetValue(gap),
                TokensPerSecond = parse.GetValue(rate),
                PerMonth = parse.GetValue(budget),
                Engine = new EngineSettings { Engine = parse.GetValue(options.Engine) },
                Cache = options.CacheType(parse),
            };
            var wanted = options.Accelerators(parse)?.Select(static a => a.Device.Key).ToHashSet(StringComparer.Ordinal);
            var book = await KnownPrices.ReadAsync(DataDirectory.Locate(null).PriceStore, parse.GetValue(prices));
            var kind = parse.GetValue(spot) ? PriceKind.Spot : PriceKind.OnDemand;
            var offers = s_clouds.Where(c => parse.GetValue(cloud) is null || c.Cloud == parse.GetValue(cloud))
                .SelectMany(c => HardwareOffer.Of(c.Cloud, parse.GetValue(region) ?? c.Region, book, kind))
                .Where(o => wanted?.Contains(o.Accelerator.Key) != false).ToList();
            if (offers.Count == 0) throw new CommandFailure(ExitCodes.NotFound, "No machine type is known that has those accelerators. Leave --gpu or --cloud out to see what there is.");
            var found = ModelPlanner.Plan(profile, goal, offers, Math.Clamp(parse.GetValue(most), 1, 100));
            if (parse.GetValue(options.Format) is not OutputFormat.Table and var format) await Print.NodeAsync(Json(profile, found), format);
            else Write(profile, goal, found);
            return found.Plans.Count > 0 ? ExitCodes.Ok : ExitCodes.Failed;
        }, cancellationToken));
        return command;
    }

    private static void Write(ModelProfile profile, PlanGoal goal, PlanResult found)
    {
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{profile.Identity.Id}: {goal.Traffic.Concurrency} at a time, prompts of {goal.Traffic.PromptTokens} and answers of {goal.Traffic.OutputTokens} tokens"));
        var table = new Table().NoBorder().AddColumns("MACHINE", "ACCELERATORS", "REPLICAS", "HOUR", "MONTH", "1M IN / OUT", "BETWEEN TOKENS", "FIRST TOKEN", "WHY");
        foreach (var plan in found.Plans)
        {
            var cells = new[]
            {
                $"{plan.Offer.Name} ({plan.Offer.Provider} {plan.Offer.Region})",
                string.Create(CultureInfo.InvariantCulture, $"{plan.Layout.Devices} of {plan.Offer.Devices} {plan.Offer.Accelerator.Name}"),
                string.Create(CultureInfo.InvariantCulture, $"{plan.Replicas}"),
                Money(plan.PerHour, "0.00"),
                Money(plan.PerMonth, "N0"),
                $"{Money(plan.Tokens.PerMillionInput, "0.00")} / {Money(plan.Tokens.PerMillionOutput, "0.00")}",
                $"{Seconds.Of(plan.Speed.InterTokenSeconds.Low)}-{Seconds.Of(plan.Speed.InterTokenSeconds.High)}",
                $"{Seconds.Of(plan.Speed.FirstTokenSeconds.Low)}-{Seconds.Of(plan.Speed.FirstTokenSeconds.High)}",
                plan.Why,
            };
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        if (found.Plans.Count > 0) Wide.Write(table);
        else AnsiConsole.WriteLine("No machine does that:");
        foreach (var price in found.Plans.Select(static p => p.Offer.Price).OfType<PriceAnswer.Known>().Select(static p => p.Price).DistinctBy(static p => p.Source))
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Prices: {price.Source}, {price.AsOf:yyyy-MM-dd}, {(price.Kind is PriceKind.Spot ? "spot" : "on demand")}. A replica pays the share of the machine that it takes."));
        foreach (var unknown in found.Plans.Select(static p => p.PerHour.Unknown).OfType<string>().Distinct(StringComparer.Ordinal)) AnsiConsole.WriteLine($"Price unknown: {unknown}.");
        if (found.Plans.Count == 0)
            foreach (var refusal in found.Refused) AnsiConsole.WriteLine($"  {refusal.Accelerator}: {refusal.Reason}");
        else if (found.Refused.Count > 0) AnsiConsole.WriteLine($"Left out: {string.Join(", ", found.Refused.Select(static r => r.Accelerator))} (-o json says why).");
    }

    private static JsonObject Json(ModelProfile profile, PlanResult found) => new()
    {
        ["model"] = profile.Identity.Id,
        ["plans"] = new JsonArray([.. found.Plans.Select(static p => new JsonObject
        {
            ["machineType"] = p.Offer.Name,
            ["provider"] = p.Offer.Provider,
            ["region"] = p.Offer.Region,
            ["accelerator"] = p.Offer.Accelerator.Key,
            ["machineDevices"] = p.Offer.Devices,
            ["devicesPerReplica"] = p.Layout.Devices,
            ["replicas"] = p.Replicas,
            ["requestsPerReplica"] = p.RequestsPerReplica,
            ["perHour"] = Json(p.PerHour),
            ["perMonth"] = Json(p.PerMonth),
            ["perMillionInputTokens"] = Json(p.Tokens.PerMillionInput),
            ["perMillionOutputTokens"] = Json(p.Tokens.PerMillionOutput),
            ["price"] = p.Offer.Price is PriceAnswer.Known { Price: var price } ? new JsonObject { ["amount"] = price.Amount, ["currency"] = price.Currency, ["source"] = price.Source, ["asOf"] = price.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } : null,
            ["speed"] = SpeedJson.Of(p.Speed),
            ["why"] = p.Why,
        })]),
        ["refused"] = new JsonArray([.. found.Refused.Select(static r => new JsonObject { ["accelerator"] = r.Accelerator, ["reason"] = r.Reason })]),
    };

    private static JsonObject Json(CostSum cost) => new() { ["amount"] = cost.Amount, ["currency"] = cost.Amount is null ? null : cost.Currency, ["unknown"] = cost.Unknown };

    private static string Money(CostSum cost, string format) => cost.Amount is { } amount ? $"{amount.ToString(format, CultureInfo.InvariantCulture)} {cost.Currency}" : "unknown";
}

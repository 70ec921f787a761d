using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Prices.Live;
using Slipway.Commands.Models;
using Slipway.Knowing;
using Slipway.Output;
using Slipway.Up;
using Spectre.Console;

namespace Slipway.Commands.Knowing;

/// <summary>`slipway prices`.</summary>
internal static class PricesCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data", "-d") { Description = "The data directory that prices are kept in (default: $SLIPWAY_DATA or ~/.slipway)", HelpName = "DIR", Recursive = true };
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "prices",
            "Show where prices come from, how old they are, and what the last refreshes came to.",
            """
              slipway prices
              slipway prices -o json
              slipway prices refresh azure westeurope
            """)
        {
            format, data, Refresh(data),
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async _ =>
        {
            var kept = DataDirectory.Locate(parse.GetValue(data));
            var answer = PricesAnswer.Of(await KnownPrices.ReadAsync(kept.PriceStore, null), kept.RefreshReports.Read(), TimeProvider.System.GetUtcNow());
            if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.ObjectAsync(answer, AnswersJson.Default.PricesAnswer, other);
            else Write(answer);
            return ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    private static ExampledCommand Refresh(Option<string?> data)
    {
        var cloud = new Argument<string>("CLOUD") { Description = "aws, azure or gcp" };
        var region = new Argument<string>("REGION") { Description = "The cloud's region, as westeurope" };
        cloud.AcceptOnlyFromAmong("aws", "azure", "gcp");
        var command = new ExampledCommand(
            "refresh",
            "Ask a cloud for the prices of a region now. A bad answer changes nothing.",
            """
              slipway prices refresh azure westeurope
              slipway prices refresh gcp us-central1
            """)
        {
            cloud, region,
        };
        command.SetAction((parse, cancellationToken) => ModelOptions.RunAsync(async token =>
        {
            var kept = DataDirectory.Locate(parse.GetValue(data));
            using var feeds = new PriceFeeds(kept, TimeProvider.System);
            foreach (var fault in feeds.Prices.Faults) await Console.Error.WriteLineAsync($"slipway: {fault}");
            var refresher = new PriceRefresher(feeds.Prices, kept.RefreshReports, static _ => Task.FromResult<IReadOnlyCollection<(string, string)>>([]), TimeProvider.System);
            var report = await refresher.RefreshAsync(parse.GetRequiredValue(cloud), parse.GetRequiredValue(region), token);
            if (report.Outcome == "failed") throw new CommandFailure(ExitCodes.Failed, $"Prices of {report.Provider} {report.Region} were not refreshed: {report.Message}. Those known stand.");
            await Console.Out.WriteLineAsync($"Prices of {report.Provider} {report.Region}: {report.Message}.");
            return ExitCodes.Ok;
        }, cancellationToken));
        return command;
    }

    private static void Write(PricesAnswer answer)
    {
        var table = new Table().NoBorder().AddColumns("CLOUD", "FROM", "AS OF", "AGE", "PRICES", "REGIONS", "CURRENCY", "SOURCE");
        foreach (var e in answer.Editions)
        {
            string[] row = [e.Provider, e.Fetched ? "fetched" : "bundled", e.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{e.AgeDays}d", Number(e.Rates), Number(e.Regions), e.Currency, e.Source];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Wide.Write(table);
        if (answer.Refreshes.IsEmpty) Console.Out.WriteLine("Nothing was fetched yet: a running Slipway asks for the regions that nodes are in, and `slipway prices refresh` for one now.");
        foreach (var r in answer.Refreshes)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{r.Provider} {r.Region}: {r.Outcome} {Age.Of(r.At, answer.At)} ago: {r.Message}. Due again at {r.Next.ToUniversalTime():yyyy-MM-dd HH:mm} UTC."));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

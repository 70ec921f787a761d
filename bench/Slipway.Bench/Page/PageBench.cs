using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Slipway.Testing;

namespace Slipway.Bench.Page;

/// <summary>What the page costs who looks at it, and what it costs the server that many look: with a real Chromium on loopback.</summary>
internal static class PageBench
{
    private const int Loads = 30, Changes = 40, Seconds = 15, ChangesASecond = 10;

    // The rows that a page shows before it is scrolled: a change of any other would draw nothing.
    private const int Shown = 60;

    // All but the first bytes of a page come from here; a page counts its own requests as it sees them.
    private const string Transferred = "() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((sum, e) => sum + e.transferSize, 0)";
    private const string FirstPaint = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0";

    // What the browser itself takes until it paints: the part of every first paint that no page can spare.
    private const string OneHeading = "data:text/html,<!DOCTYPE html><h1>Slipway</h1>";

    // When the text of the change that is waited for came to be on screen: the frame after the one in which it was written.
    private const string Watch = "globalThis.seen = {}; new MutationObserver(() => { for (const cell of document.querySelectorAll('td.words')) { const text = cell.textContent; if (text.startsWith('change-') && !(text in seen)) { seen[text] = false; requestAnimationFrame(() => requestAnimationFrame(() => seen[text] = true)); } } }).observe(document, { childList: true, subtree: true, characterData: true });";

    /// <param name="deployments">How many there are.</param>
    /// <param name="pages">How many pages are open at once.</param>
    public static async Task<int> RunAsync(int deployments, int pages)
    {
        var load = await File.ReadAllTextAsync("/proc/loadavg");
        var chromium = await Tools.ChromiumAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium.Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Env = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(static e => KeyValuePair.Create((string)e.Key, (string)e.Value!))
                .Where(e => !chromium.Environment.ContainsKey(e.Key)).Concat(chromium.Environment),
        });
        using var host = await PageHost.StartAsync(deployments);
        var (bytes, paints, least) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= Loads; i++)
        {
            var page = await OpenAsync(browser, new Uri(host.Address, "/"));
            var (kilobytes, paint) = (await page.EvaluateAsync<double>(Transferred) / 1024, await page.EvaluateAsync<double>(FirstPaint));
            await page.GotoAsync(OneHeading);
            await page.WaitForFunctionAsync(FirstPaint);
            var own = await page.EvaluateAsync<double>(FirstPaint);
            await page.Context.CloseAsync();
            if (i == 0) continue; // The first fills the caches of the server and the browser's own.
            bytes.Add(kilobytes);
            paints.Add(paint);
            least.Add(own);
        }

        var empty = await host.UsageAsync();
        var open = new List<IPage>();
        for (var i = 0; i < pages; i++) open.Add(await OpenAsync(browser, new Uri(host.Address, "/deployments")));
        var delays = await DelaysAsync(host, open[0]);

        var before = await host.UsageAsync();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds; i++)
        {
            await host.ChangeAsync(i % Math.Min(deployments, Shown), string.Create(CultureInfo.InvariantCulture, $"load-{i}"));
            await Task.Delay(TimeSpan.FromSeconds(1.0 / ChangesASecond), TimeProvider.System);
        }

        // A page that had fallen behind, or fallen asleep, would have cost nothing: each has to have the last change.
        await host.ChangeAsync(0, "the-last");
        foreach (var page in open) await page.Locator("td.words", new() { HasText = "the-last" }).WaitForAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = await host.UsageAsync();
        await Report.WriteAsync("page",
        [
            $"Chromium {browser.Version} and the page's server on the same cores; load of the machine before: {load.Split(' ')[0]}. {deployments} deployments in memory, {pages} pages open at /deployments.", "",
            "| | least | median | most | | aim |", "|---|---|---|---|---|---|",
            $"{new Figures(bytes).Row("first load of `/`, as the browser counts it", "KB", "0.0")} 120 |",
            $"{new Figures(paints).Row("first contentful paint of `/`", "ms", "0")} 300 |",
            $"{new Figures(least).Row("of it, the browser's own: first contentful paint of a page of one heading", "ms", "0")} |",
            $"{new Figures(delays).Row($"a change of an object to its text on screen, {pages} pages open", "ms", "0")} 250 |",
            "",
            string.Create(CultureInfo.InvariantCulture, $"With {ChangesASecond} changes a second of rows that all pages show, for {took:0} s: {(after.Seconds - before.Seconds) / took:0.00} cores of the server (aim: 1), {after.Resident / 1e6:0} MB resident (aim: 600); {empty.Resident / 1e6:0} MB before the pages were opened."),
        ]);
        return 0;
    }

    private static async Task<IPage> OpenAsync(IBrowser browser, Uri address)
    {
        // A context of its own has an empty cache.
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        await page.GotoAsync(address.ToString());
        await page.Locator("h1[data-live=true]").WaitForAsync();
        return page;
    }

    private static async Task<List<double>> DelaysAsync(PageHost host, IPage page)
    {
        await page.BringToFrontAsync();
        var delays = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"change-{i}");
            // By one clock, this process's; so the way of the answer from the browser back to here is in it too.
            var sent = Stopwatch.GetTimestamp();
            await host.ChangeAsync(i % 10, text);
            await page.WaitForFunctionAsync("text => globalThis.seen[text]", text);
            if (i > 1) delays.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return delays;
    }
}

using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Browser.Tests;

/// <summary>A Slipway of its own and a real Chromium at its page.</summary>
public sealed class Person : IAsyncDisposable
{
    private readonly TempDirectory _folder;
    private readonly SlipwayProcess _slipway;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Person(TempDirectory folder, SlipwayProcess slipway, IPlaywright playwright, IBrowser browser) => (_folder, _slipway, _playwright, _browser) = (folder, slipway, playwright, browser);

    /// <summary>Where pictures go; kept after the run, to be looked at.</summary>
    public static string Pictures { get; } = Path.Combine(Tools.RepositoryRoot, "artifacts", "pictures");

    /// <summary>What the browser complained of: scripts that failed, files that were not there, rules that were broken.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public Uri Page => _slipway.Web;

    internal SlipwayProcess Slipway => _slipway;

    /// <param name="cancellationToken">Stops sitting down.</param>
    /// <param name="hub">Where models come from; null for nowhere.</param>
    /// <param name="lay">Puts files into Slipway's folder before it starts.</param>
    /// <param name="options">Options of <c>up</c>.</param>
    public static async Task<Person> SitDownAsync(CancellationToken cancellationToken, Uri? hub = null, Action<string>? lay = null, params string[] options)
    {
        var folder = new TempDirectory();
        lay?.Invoke(folder["x"]);
        await SlipwayProcess.LendEngineAsync(folder["x"]);
        var slipway = SlipwayProcess.StartWith(folder["x"], hub is null ? [] : new() { ["HF_ENDPOINT"] = hub.ToString().TrimEnd('/') }, options);
        await slipway.WaitForAsync("Ctrl-C stops everything", cancellationToken);
        var chromium = await Tools.ChromiumAsync();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium.Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Env = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string)e.Value!))
                .Where(e => !chromium.Environment.ContainsKey(e.Key)).Concat(chromium.Environment),
        });
        return new Person(folder, slipway, playwright, browser);
    }

    /// <summary>Opens a page and waits until it is live: its buttons do nothing before.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1440, ColorScheme theme = ColorScheme.Light, string? locale = null)
    {
        var page = await OpenStaticAsync(path, width, theme, locale);
        await page.Locator("h1[data-live=true]").WaitForAsync();
        return page;
    }

    /// <summary>Opens a page that needs no circuit.</summary>
    public async Task<IPage> OpenStaticAsync(string path, int width, ColorScheme theme, string? locale = null)
    {
        var page = await NewPageAsync(width, theme, locale);
        await page.GotoAsync(new Uri(Page, path).ToString());
        return page;
    }

    /// <summary>A new browser's first page, without cookies.</summary>
    public async Task<IPage> NewPageAsync(int width = 1440, ColorScheme theme = ColorScheme.Light, string? locale = null)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 }, ColorScheme = theme, Locale = locale });
        // Two cores that build and test beside it are slow, and no less right: what is waited for is waited for.
        context.SetDefaultTimeout(90_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        var page = await context.NewPageAsync();
        page.PageError += (_, fault) => Complaints.Enqueue($"{page.Url}: {fault}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Complaints.Enqueue($"{page.Url}: {message.Text}");
        };
        // Layout shifts that nobody caused (web.dev/cls), added up.
        await page.AddInitScriptAsync("globalThis.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) globalThis.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });");
        return page;
    }

    /// <summary>What axe finds wrong with a page, in words; rules of WCAG 2.1 A and AA and its best practices.</summary>
    public static async Task<IReadOnlyList<string>> LookOverAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions());
        return [.. result.Violations.SelectMany(v => v.Nodes.Select(n => $"{page.Url}: {v.Id} at {n.Target}: {n.Html}"))];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _slipway.DisposeAsync();
        _folder.Dispose();
    }
}

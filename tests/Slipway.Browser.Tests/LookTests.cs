using Microsoft.Playwright;

namespace Slipway.Browser.Tests;

/// <summary>How the pages look and whether everybody can use them: at three widths and in both themes.</summary>
[Trait("Speed", "slow")]
public sealed class LookTests
{
    private static readonly (string Name, string Path)[] s_pages =
    [
        ("models", "/"), ("model", "/models/slipway/tiny-chat"), ("compare", "/compare?models=slipway%2Ftiny-chat%2Cslipway%2Ftiny-chat-q2"), ("deploy", "/deploy?model=slipway%2Ftiny-chat"), ("deployments", "/deployments"), ("deployment", "/deployments/default/tiny-chat"),
        ("rollouts", "/rollouts"), ("playground", "/playground"), ("capacity", "/capacity"), ("settings", "/settings"), ("api", "/api"), ("lost", "/no/such/page"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_is_in_order_at_every_width_and_in_both_themes()
    {
        await using var person = await Person.SitDownAsync(Token);
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        Directory.CreateDirectory(Person.Pictures);
        var faults = new List<string>();
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach (var width in (int[])[1440, 1024, 390])
            {
                foreach (var (name, path) in s_pages)
                {
                    var page = name is "lost" or "api" ? await person.OpenStaticAsync(path, width, theme) : await person.OpenAsync(path, width, theme);
                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Person.Pictures, $"{name}-{width}-{theme.ToString().ToLowerInvariant()}.png"), FullPage = true });
                    faults.AddRange(await Person.LookOverAsync(page));
                    if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth")) faults.Add($"{path} is wider than {width} pixels");
                    if (await page.EvaluateAsync<double>("() => globalThis.shift ?? 0") is > 0.02 and var shift) faults.Add($"{path} at {width}: things moved by {shift:0.000} while it loaded");
                    await page.Context.CloseAsync();
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Longer_words_have_room_at_the_width_of_a_phone()
    {
        await using var person = await Person.SitDownAsync(Token);
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        Directory.CreateDirectory(Person.Pictures);
        var faults = new List<string>();
        foreach (var (name, path) in s_pages)
        {
            var page = name is "lost" or "api" ? await person.OpenStaticAsync(path, 390, ColorScheme.Light, "de-DE") : await person.OpenAsync(path, 390, locale: "de-DE");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Person.Pictures, $"{name}-390-german.png"), FullPage = true });
            faults.AddRange(await Person.LookOverAsync(page));
            if (await page.GetAttributeAsync("html", "lang") != "de") faults.Add($"{path} is not in German");
            if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth")) faults.Add($"{path} is wider than 390 pixels in German");
            // What is fixed makes no page wider: it is cut off.
            if (await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.side nav a')].some(a => a.getBoundingClientRect().right > document.documentElement.clientWidth)")) faults.Add($"{path}: the bar of pages is cut off in German");
            if (await page.EvaluateAsync<double>("() => globalThis.shift ?? 0") is > 0.02 and var shift) faults.Add($"{path} in German: things moved by {shift:0.000} while it loaded");
            await page.Context.CloseAsync();
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task The_language_is_that_of_the_browser_until_another_is_chosen_and_a_circuit_keeps_it()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/deployments", locale: "de-DE");
        await Assertions.Expect(page.Locator(".state-title")).ToHaveTextAsync("Noch läuft nichts");
        // What changes in the cluster is told to the circuit from outside, and drawn in its language.
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        await Assertions.Expect(page.Locator("tbody .chip").First).ToHaveTextAsync("Läuft");
        await page.GotoAsync(new Uri(person.Page, "/settings").ToString());
        await page.GetByText("English", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Settings");
        await page.GotoAsync(new Uri(person.Page, "/deployments").ToString());
        await Assertions.Expect(page.Locator("tbody .chip").First).ToHaveTextAsync("Running");
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task The_theme_that_is_chosen_stays()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/");
        await page.GetByTitle("Dark", new() { Exact = true }).ClickAsync();
        await page.ReloadAsync();
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        Assert.Equal("true", await page.GetByTitle("Dark", new() { Exact = true }).GetAttributeAsync("aria-pressed"));
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_the_content()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/deployments");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("content", await page.EvaluateAsync<string>("() => document.activeElement.id"));
    }
}

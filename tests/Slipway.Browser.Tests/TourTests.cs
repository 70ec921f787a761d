using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>Somebody opens the page for the first time.</summary>
[Trait("Speed", "slow")]
public sealed class TourTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tour_is_offered_once_goes_over_the_pages_and_can_be_taken_again()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/settings");
        var tour = page.GetByRole(AriaRole.Dialog);
        await Expect(tour).ToHaveCountAsync(0);
        await page.Locator(".tour-offer").GetByText("Take the tour").ClickAsync();
        foreach (var (title, heading) in new[] { ("Find a model", "Find a model"), ("See whether it fits", "tiny-chat"), ("Deploy it", "Deploy a model"), ("Watch it", "Deployments"), ("Ask it", "Playground") })
        {
            // The dialog is called by its step, has the keyboard, and stays while the page behind it changes.
            await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = title })).ToBeVisibleAsync();
            Assert.Equal(title, await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
            await Expect(page.Locator("h1")).ToContainTextAsync(heading);
            await Expect(tour).ToBeVisibleAsync();
            Assert.Empty(await Person.LookOverAsync(page));
            if (title == "Deploy it")
            {
                await page.Keyboard.PressAsync("Tab");
                await page.Keyboard.PressAsync("Tab");
                await page.Keyboard.PressAsync("Enter");
                await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "See whether it fits" })).ToBeVisibleAsync();
                await tour.GetByText("Next").ClickAsync();
                await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = title })).ToBeVisibleAsync();
            }

            await tour.GetByText(title == "Ask it" ? "Done" : "Next", new() { Exact = true }).ClickAsync();
        }

        await Expect(tour).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator(".tour-offer")).ToBeHiddenAsync();
        await page.GotoAsync(new Uri(person.Page, "/settings").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the tour" }).ClickAsync();
        await Expect(tour).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(tour).ToHaveCountAsync(0);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task Whoever_wants_none_is_not_asked_again_and_goes_on_at_the_heading()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "No, thanks" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".tour-offer")).ToBeHiddenAsync();
        Assert.Equal("H1", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        await page.GotoAsync(new Uri(person.Page, "/deployments").ToString());
        await Expect(page.Locator(".tour-offer")).ToBeHiddenAsync();
    }
}

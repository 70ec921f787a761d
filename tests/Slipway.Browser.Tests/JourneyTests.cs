using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>What a person does who knows which model they want: find, deploy, watch, ask, scale, change, delete.</summary>
[Trait("Speed", "slow")]
public sealed class JourneyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_takes_a_model_from_the_search_to_its_end()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/");

        // Key by key, as fast as keys can be: each is kept, however late the server hears of the one before.
        await page.Locator("input[type=search]").PressSequentiallyAsync("tiny-chat");
        await Expect(page.Locator("input[type=search]")).ToHaveValueAsync("tiny-chat");
        await page.GetByLabel("Deploy slipway/tiny-chat", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".sentence")).ToContainTextAsync("Slipway starts slipway/tiny-chat with llama.cpp");
        await LiveAsync(page, "Deploy a model");
        await page.Locator("#send").ClickAsync();

        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/deployments/default/tiny-chat$"), new() { Timeout = 90_000 });
        await Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Running", Patient);
        await Expect(page.Locator(".step.done")).ToHaveCountAsync(5);

        // The engine's own words, as they come; what is looked for stays.
        await Expect(page.Locator("#log")).ToContainTextAsync("--- slipway", PatientToo);
        await page.Locator("#find-in-log").FillAsync("--- slipway");
        await Expect(page.Locator("#log span")).ToHaveCountAsync(1);
        await page.Locator("#find-in-log").FillAsync("");
        await page.Locator("#follow").UncheckAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Chat", Exact = true }).ClickAsync();
        await Expect(page.Locator("#question")).ToBeVisibleAsync();
        await LiveAsync(page, "Playground");
        await page.Locator("#question").FillAsync("What is 17 + 25?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await AnsweredAsync(page);
        await Expect(page.Locator("[data-measures]")).ToContainTextAsync("first token after");

        await page.GetByRole(AriaRole.Link, new() { Name = "Deployments" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "tiny-chat", Exact = true }).ClickAsync();
        await LiveAsync(page, "tiny-chat");
        await page.GetByLabel("One replica more").ClickAsync();
        await Expect(page.Locator(".big-number")).ToHaveTextAsync("2 of 2 ready", Patient);

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Replicas" }).FillAsync("1");
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Replicas" }).PressAsync("Tab");
        await Expect(page.Locator("textarea.yaml")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("replicas: 1"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(page.Locator(".big-number")).ToHaveTextAsync("1 of 1 ready", Patient);

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete tiny-chat" }).ClickAsync();
        await Expect(page.Locator(".state-title")).ToHaveTextAsync("It is gone", new() { Timeout = 30_000 });
        Assert.Empty(person.Complaints);
    }

    // A number: which one is up to chance in the answer, as users get it.
    private static async Task AnsweredAsync(IPage page)
    {
        await Expect(page.Locator(".turn.user")).ToHaveTextAsync("What is 17 + 25?", Patient);
        await Expect(page.Locator(".turn.assistant")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d+\.?$"), Patient);
    }

    [Fact]
    public async Task From_the_first_sight_to_an_answer_it_is_three_clicks_and_less_than_a_minute()
    {
        await using var person = await Person.SitDownAsync(Token);
        var began = TimeProvider.System.GetTimestamp();
        var clicks = 0;
        Task ClickAsync(ILocator what)
        {
            clicks++;
            return what.ClickAsync();
        }

        var page = await person.OpenAsync("/");
        // The first card of the page, by what is written on it alone.
        await ClickAsync(page.Locator("main").GetByText("Deploy", new() { Exact = true }).First);
        await LiveAsync(page, "Deploy a model");
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }));
        await Expect(page.GetByText("It is not reached through the gateway")).ToHaveCountAsync(0);
        await ClickAsync(page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Chat", Exact = true }));
        await LiveAsync(page, "Playground");
        await Expect(page.Locator("#question")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("What is 17 + 25?");
        await page.Keyboard.PressAsync("Enter");
        await AnsweredAsync(page);
        Assert.Equal(3, clicks);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 60);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task A_model_is_changed_safely_and_a_worse_one_is_turned_down_by_itself()
    {
        await using var person = await Person.SitDownAsync(Token);
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        var page = await person.OpenAsync("/deployments/default/tiny-chat");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var manifest = await page.Locator("textarea.yaml").InputValueAsync();
        await page.Locator("textarea.yaml").FillAsync(manifest.Replace("id: slipway/tiny-chat", "id: slipway/tiny-chat-q2", StringComparison.Ordinal));
        await page.GetByText("Safely, by a rollout").ClickAsync();
        await page.GetByLabel("What both are asked").SelectOptionAsync("tiny-chat");
        await page.GetByLabel("May be worse by").FillAsync("10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin the rollout" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/rollouts/default/tiny-chat-"), new() { Timeout = 30_000 });
        await Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Turned down", new() { Timeout = 180_000 });
        await Expect(page.Locator(".notice").First).ToContainTextAsync("points worse");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.Locator("#remove .danger").ClickAsync();
        await Expect(page.Locator(".state-title")).ToContainTextAsync("There is no rollout", new() { Timeout = 30_000 });

        // Nobody noticed anything: what was there serves on.
        await page.GotoAsync(new Uri(person.Page, "/deployments/default/tiny-chat").ToString());
        await Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Running", Patient);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task A_change_by_another_hand_arrives_without_being_asked_for()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/deployments");
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat", "--no-wait")).Succeeded);
        await Expect(page.Locator("[data-deployment=tiny-chat]")).ToContainTextAsync("Running", new() { Timeout = 60_000 });
        await page.Locator("input[type=search]").FillAsync("nothing like it");
        await Expect(page.Locator(".state-title")).ToHaveTextAsync("No deployment is like that");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=nothing"));
    }

    [Fact]
    public async Task A_lost_connection_is_said()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/deployments");
        person.Slipway.Kill();
        await Expect(page.Locator("#components-reconnect-modal")).ToContainTextAsync("The connection to Slipway is lost", new() { Timeout = 30_000 });
        await Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static LocatorAssertionsToHaveTextOptions Patient { get; } = new() { Timeout = 90_000 };

    private static LocatorAssertionsToContainTextOptions PatientToo { get; } = new() { Timeout = 90_000 };

    // By its heading: the page that is left was live too.
    private static Task LiveAsync(IPage page, string title) => Expect(page.Locator("h1[data-live=true]")).ToHaveTextAsync(title, Patient);
}

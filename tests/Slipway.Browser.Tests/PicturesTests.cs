using Microsoft.Playwright;
using Slipway.Testing;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>A model that is in use and was to be changed for the worse, as its pages show it. With SLIPWAY_UPDATE=1 the pictures of the README and the guides are these.</summary>
[Trait("Speed", "slow")]
public sealed class PicturesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Folder => Environment.GetEnvironmentVariable("SLIPWAY_UPDATE") == "1" ? Path.Combine(Tools.RepositoryRoot, "docs", "images") : Person.Pictures;

    [Fact]
    public async Task A_change_for_the_worse_is_shown_with_its_evidence_and_the_pages_of_the_guides_are_as_in_their_pictures()
    {
        await using var person = await Person.SitDownAsync(Token);
        Directory.CreateDirectory(Folder);
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        foreach (var question in (string[])["What is 17 + 25?", "What is 8 + 13?", "What is 40 - 7?"]) Assert.True((await person.Slipway.RunAsync("chat", "tiny-chat", question)).Succeeded);
        var rolled = await person.Slipway.RunAsync("rollout", "start", "tiny-chat", "--name", "smaller", "--model", "slipway/tiny-chat-q2", "--suite", "tiny-chat", "--margin", "0.1", "--canary", "50");
        Assert.True(rolled.ExitCode == 7, $"{rolled.ExitCode}\n{rolled.Output}\n{rolled.Errors}");

        await person.Slipway.KubectlOkAsync("wait", "modelrollout/smaller", "--for=jsonpath={.status.phase}=RolledBack", "--timeout=120s");
        var rollout = await person.OpenAsync("/rollouts/default/smaller", 1280);
        await Expect(rollout.Locator(".page-head .chip")).ToContainTextAsync("Turned down");
        await Expect(rollout.Locator("main")).ToContainTextAsync("GateFailed");
        await Expect(rollout.Locator("svg[role=img]").First).ToBeVisibleAsync();
        Assert.Empty(await Person.LookOverAsync(rollout));
        // The evidence, too.
        await rollout.SetViewportSizeAsync(1280, 1120);
        await TakeAsync(rollout, "rollout");

        var models = await person.OpenAsync("/", 1280);
        await Expect(models.GetByText("Reading its files")).ToHaveCountAsync(0);
        await TakeAsync(models, "models");
        var deploy = await person.OpenAsync("/deploy?model=slipway%2Ftiny-chat", 1280);
        await Expect(deploy.Locator(".sentence")).ToContainTextAsync("Slipway starts slipway/tiny-chat");
        await TakeAsync(deploy, "deploy");
        var deployment = await person.OpenAsync("/deployments/default/tiny-chat", 1280);
        await Expect(deployment.Locator(".step.done")).ToHaveCountAsync(5);
        await Expect(deployment.Locator("svg[role=img]").First).ToBeVisibleAsync();
        await TakeAsync(deployment, "deployment");
        Assert.Empty(person.Complaints);
    }

    // What a reader sees first: the upper part, without the tour that is offered once, and without this machine's folders.
    private static async Task TakeAsync(IPage page, string name)
    {
        var tour = page.GetByRole(AriaRole.Button, new() { Name = "No, thanks" });
        if (await tour.IsVisibleAsync()) await tour.ClickAsync();
        await page.EvaluateAsync("""
            root => { for (const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walk.nextNode();) walk.currentNode.data = walk.currentNode.data.replaceAll(root, '~/slipway'); }
            """, Tools.RepositoryRoot);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}.png") });
    }
}

using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>What only a browser does: files that are attached and saved, addresses, fields that keep secrets.</summary>
[Trait("Speed", "slow")]
public sealed class ToolsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_is_steered_sent_on_and_saved()
    {
        await using var person = await Person.SitDownAsync(Token);
        Assert.True((await person.Slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        var page = await person.OpenAsync("/playground?system=Be%20brief.&seed=7&q=What%20is%2017%20%2B%2025%3F");
        await Expect(page.Locator("#question")).ToHaveValueAsync("What is 17 + 25?");
        await Expect(page.GetByLabel("Seed")).ToHaveValueAsync("7");
        await Expect(page.Locator(".turn")).ToHaveCountAsync(0);

        await page.GetByLabel("Answer as").SelectOptionAsync("a JSON object");
        await page.GetByText("Insert a sample tool").ClickAsync();
        await Expect(page.GetByLabel("Tools: a JSON array")).ToHaveValueAsync(new Regex("weather"));
        await page.GetByLabel("Tools: a JSON array").FillAsync("");
        await page.GetByLabel("Tools: a JSON array").PressAsync("Tab");

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("model=tiny-chat&seed=7&format=JsonObject&system=Be%20brief.&q="));
        Assert.Empty(await Person.LookOverAsync(page));

        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(page.Locator(".verdict")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("conversation-tiny-chat.json", saved.SuggestedFilename);
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(await saved.PathAsync(), Token))!;
        Assert.Equal(["system", "user", "assistant"], kept["messages"]!.AsArray().Select(static m => (string?)m!["role"]));

        // A model without eyes: what its engine says of it is shown.
        await page.Locator("#images").SetInputFilesAsync([new FilePayload { Name = "dot.png", MimeType = "image/png", Buffer = Dot }, new FilePayload { Name = "note.png", MimeType = "image/png", Buffer = "no image"u8.ToArray() }]);
        await Expect(page.Locator(".ask-bar .chip")).ToContainTextAsync("dot.png");
        await Expect(page.Locator(".ask-bar .text-bad")).ToContainTextAsync("note.png is no PNG");
        await page.Locator("#question").FillAsync("What is it?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(page.Locator(".turns [role=alert]")).ToContainTextAsync("image", new() { Timeout = 90_000, IgnoreCase = true });
        Assert.Empty(await Person.LookOverAsync(page));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task A_deployment_is_saved_for_a_repository()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/deploy?model=slipway%2Ftiny-chat");
        var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download both").ClickAsync());
        Assert.Equal("tiny-chat.zip", saved.SuggestedFilename);
        await using var zip = await ZipFile.OpenReadAsync(await saved.PathAsync(), Token);
        Assert.Equal(["tiny-chat/kustomization.yaml", "tiny-chat/tiny-chat.yaml"], zip.Entries.Select(static e => e.FullName));
        await page.GetByText("More settings, in the API's own words").ClickAsync();
        await page.GetByLabel("spec.engine.args").FillAsync("threads=2\ncont-batching");
        await page.GetByLabel("spec.engine.args").PressAsync("Tab");
        await Expect(page.Locator("#manifest")).ToHaveValueAsync(new Regex("threads: \"2\""));
        await page.GetByRole(AriaRole.Tab, new() { Name = "Helm" }).ClickAsync();
        await Expect(page.GetByLabel("Values for Helm")).ToContainTextAsync("cont-batching");
        Assert.Empty(await Person.LookOverAsync(page));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_deleted()
    {
        await using var person = await Person.SitDownAsync(Token);
        var page = await person.OpenAsync("/settings");
        await Expect(page.Locator("#hub")).ToContainTextAsync("Nobody is signed in");
        await page.GetByText("Make a key").ClickAsync();
        await page.Locator("#key-name").FillAsync("shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(page.Locator("#keys pre")).ToHaveTextAsync(new Regex("^slk_"));
        Assert.Empty(await Person.LookOverAsync(page));
        await page.GetByText("I have it").ClickAsync();
        await Expect(page.Locator("#keys pre")).ToHaveCountAsync(0);
        await Expect(page.Locator("#keys tbody")).ToContainTextAsync("shop");
        await page.GetByLabel("Delete shop …").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete shop", Exact = true }).ClickAsync();
        await Expect(page.Locator("#keys tbody")).ToHaveCountAsync(0);
        Assert.Empty(person.Complaints);
    }

    private static byte[] Dot { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}

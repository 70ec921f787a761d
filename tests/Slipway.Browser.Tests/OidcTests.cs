using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Slipway.Testing;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>A person who signs in at a real OpenID provider, in a real browser, which keeps cookies back where a server cannot see it.</summary>
[Trait("Speed", "slow")]
public sealed partial class OidcTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_signs_in_at_the_provider_acts_as_themselves_stays_and_goes()
    {
        await using var provider = await RealProvider.StartAsync(TimeSpan.FromSeconds(20), Token);
        using var folder = new TempDirectory();
        var secret = folder.Write("secret", "a secret of the page\n"u8.ToArray());
        await using var person = await Person.SitDownAsync(
            Token, null, null, "--oidc-issuer-url", provider.Issuer, "--oidc-client-id", "slipway", "--oidc-client-secret-file", secret, "--oidc-scopes", "openid,offline_access,email,groups",
            "--oidc-username-claim", "email", "--oidc-groups-claim", "groups", "--oidc-groups-prefix", "oidc:");
        var slipway = person.Slipway;
        foreach (var space in (string[])["team-a", "team-b"])
        {
            await slipway.KubectlOkAsync("create", "namespace", space);
            var deployed = await slipway.RunAsync("deploy", "slipway/tiny-chat", "--name", $"of-{space}", "--namespace", space, "--replicas", "0", "--no-wait");
            Assert.True(deployed.Succeeded, deployed.Errors);
        }

        await slipway.KubectlOkAsync("create", "role", "see", "-n", "team-a", "--verb=get,list,watch", "--resource=modeldeployments.airunway.ai");
        await slipway.KubectlOkAsync("create", "rolebinding", "see", "-n", "team-a", "--role=see", "--group=oidc:friends-of-alice");

        var page = await person.NewPageAsync();
        var heard = Listen(page, person.Page);
        await page.GotoAsync(new Uri(person.Page, "/deployments").ToString());
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?return="));
        var faults = await Person.LookOverAsync(page);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Directory.CreateDirectory(Person.Pictures);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Person.Pictures, "sign-in-oidc.png") });
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in at 127.0.0.1" }).ClickAsync();
        await page.Locator("input[name=login]").FillAsync("alice");
        await page.Locator("input[name=password]").FillAsync("any");
        await page.Locator("button[type=submit]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        // Straight to the page, and not to the sign-in page once more.
        await Expect(page).ToHaveURLAsync(new Uri(person.Page, "/deployments").ToString());
        await Expect(page.Locator("[data-deployment=of-team-a]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-deployment=of-team-b]")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(person.Page, "/deployments/team-a/of-team-a").ToString());
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
        await page.GotoAsync(new Uri(person.Page, "/settings").ToString());
        await Expect(page.Locator("#you")).ToContainTextAsync("alice@example.org");
        await Expect(page.Locator("#you")).ToContainTextAsync("oidc:friends-of-alice");

        // Two renewals are further than the first token goes.
        await provider.UntilAsync(static said => said.Split('\n').Count(static l => l.StartsWith("grant.success refresh_token", StringComparison.Ordinal)) >= 2, Token);
        await page.ReloadAsync();
        await Expect(page.Locator("#you")).ToContainTextAsync("alice@example.org");

        await provider.TakeBackAsync(Token);
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?return=%2Fsettings"));
        Assert.Contains("\"reason\":\"ProviderRefused\"", slipway.Output, StringComparison.Ordinal);

        // The provider knows the browser still.
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in at 127.0.0.1" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.Locator("#you")).ToContainTextAsync("alice@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign me out" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(person.Page, "/sign-in").ToString());
        await page.GotoAsync(new Uri(person.Page, "/settings").ToString());
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?return="));

        Assert.Contains("\"event\":\"sign-in\",\"user\":\"alice@example.org\"", slipway.Output, StringComparison.Ordinal);
        Assert.NotEmpty(heard);
        Assert.DoesNotContain(heard, static h => AnyToken().IsMatch(h));
        Assert.DoesNotMatch(AnyToken(), slipway.Output);
    }

    // A JSON Web Token, whosever it is.
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.eyJ")]
    private static partial Regex AnyToken();

    // Everything that the page's server sends: pages, files and messages of circuits.
    private static ConcurrentQueue<string> Listen(IPage page, Uri of)
    {
        var heard = new ConcurrentQueue<string>();
        page.Response += async (_, response) =>
        {
            if (!response.Url.StartsWith(of.ToString(), StringComparison.Ordinal)) return;
            try
            {
                heard.Enqueue(string.Join('\n', (await response.AllHeadersAsync()).Values));
                if (response.Status is 200 or 401) heard.Enqueue(await response.TextAsync());
            }
            catch (PlaywrightException)
            {
                // The page went on before its body was read.
            }
        };
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => heard.Enqueue(frame.Text ?? Encoding.Latin1.GetString(frame.Binary ?? []));
        return heard;
    }
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>A person who may see one namespace and change nothing there, at a page that others use too.</summary>
[Trait("Speed", "slow")]
public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_sees_and_does_what_is_theirs_and_is_told_why_not_the_rest()
    {
        await using var person = await Person.SitDownAsync(Token, options: "--web-access");
        var slipway = person.Slipway;
        foreach (var space in (string[])["team-a", "team-b"])
        {
            await slipway.KubectlOkAsync("create", "namespace", space);
            var deployed = await slipway.RunAsync("deploy", "slipway/tiny-chat", "--name", $"of-{space}", "--namespace", space, "--replicas", "0", "--no-wait");
            Assert.True(deployed.Succeeded, deployed.Errors);
        }

        await slipway.KubectlOkAsync("annotate", "namespace", "team-a", "slipway.dev/contact=Ada (ada@example.org)");
        await slipway.KubectlOkAsync("create", "serviceaccount", "alice", "-n", "team-a");
        await GiveAsync("see", "get,list,watch", "modeldeployments.airunway.ai,modelrollouts.slipway.dev,namespaces,events");
        await GiveAsync("scale", "patch", "modeldeployments.airunway.ai");
        var token = (await slipway.KubectlOkAsync("create", "token", "alice", "-n", "team-a")).Trim();

        Directory.CreateDirectory(Person.Pictures);
        var page = await person.NewPageAsync();
        var heard = Listen(page);
        await page.GotoAsync(new Uri(person.Page, "/deployments").ToString());
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?return="));
        await SignInAsync(page, "not a token");
        await Expect(page.Locator(".notice.bad")).ToContainTextAsync("The cluster does not accept this token");
        await PictureAsync(page, "sign-in");

        await SignInAsync(page, token);
        await Expect(page).ToHaveURLAsync(new Regex("/deployments$"));
        await Expect(page.Locator("h1[data-live=true]")).ToHaveTextAsync("Deployments");
        await Expect(page.Locator("[data-deployment=of-team-a]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-deployment=of-team-b]")).ToHaveCountAsync(0);
        var cookie = Assert.Single(await page.Context.CookiesAsync(), static c => c.Name == "__Host-slipway");
        Assert.True(cookie.HttpOnly && cookie.Secure && cookie.SameSite == SameSiteAttribute.Strict);

        await page.GotoAsync(new Uri(person.Page, "/deployments/team-b/of-team-b").ToString());
        await Expect(page.Locator(".state-title")).ToHaveTextAsync("There is no deployment of-team-b in team-b");

        await page.GotoAsync(new Uri(person.Page, "/deployments/team-a/of-team-a").ToString());
        await Expect(page.Locator("h1[data-live=true]")).ToHaveTextAsync("of-team-a");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
        await Expect(page.Locator(".notice.warn").First).ToContainTextAsync("You may not delete modeldeployments.airunway.ai in the namespace team-a. Ask Ada (ada@example.org).");
        await PictureAsync(page, "forbidden");

        // Taken after the page was drawn with its buttons: the API's own answer counts.
        await Expect(page.GetByLabel("One replica more")).ToBeEnabledAsync();
        await slipway.KubectlOkAsync("delete", "rolebinding", "scale", "-n", "team-a");
        await page.GetByLabel("One replica more").ClickAsync();
        await Expect(page.Locator(".notice.bad").First).ToContainTextAsync("cannot patch resource");
        await Expect(page.Locator(".notice.bad").First).ToContainTextAsync("Ask Ada (ada@example.org).");
        await Expect(page.GetByLabel("One replica more")).ToBeDisabledAsync();
        Assert.Equal("0", await slipway.KubectlOkAsync("get", "modeldeployment", "of-team-a", "-n", "team-a", "-o", "jsonpath={.spec.scaling.replicas}"));

        var settings = await page.Context.NewPageAsync();
        await settings.GotoAsync(new Uri(person.Page, "/settings").ToString());
        await Expect(settings.Locator("h1[data-live=true]")).ToHaveTextAsync("Settings");
        await Expect(settings.Locator("#you")).ToContainTextAsync("system:serviceaccount:team-a:alice");
        await PictureAsync(settings, "you");

        // Out in one tab is out in all.
        await settings.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(settings).ToHaveURLAsync(new Regex("/sign-in"));
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?return=%2Fdeployments%2Fteam-a%2Fof-team-a$"));

        Assert.NotEmpty(heard);
        Assert.DoesNotContain(heard, h => h.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, slipway.Output, StringComparison.Ordinal);
        Assert.Contains("\"verb\":\"patch\",\"resource\":\"modeldeployments.airunway.ai\",\"namespace\":\"team-a\",\"name\":\"of-team-a\",\"code\":403", slipway.Output, StringComparison.Ordinal);
        // The one complaint is of the wrong token's answer.
        Assert.All(person.Complaints, static c => Assert.Contains("401", c, StringComparison.Ordinal));

        async Task GiveAsync(string name, string verbs, string resources)
        {
            await slipway.KubectlOkAsync("create", "role", name, "-n", "team-a", $"--verb={verbs}", $"--resource={resources}");
            await slipway.KubectlOkAsync("create", "rolebinding", name, "-n", "team-a", $"--role={name}", "--serviceaccount=team-a:alice");
        }
    }

    private static async Task SignInAsync(IPage page, string token)
    {
        await page.Locator("input[name=token]").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    // Everything that the server sends: pages, files and messages of circuits.
    private static ConcurrentQueue<string> Listen(IPage page)
    {
        var heard = new ConcurrentQueue<string>();
        page.Response += async (_, response) =>
        {
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

    private static async Task PictureAsync(IPage page, string name)
    {
        foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
            foreach (var width in (int[])[390, 1440])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Person.Pictures, $"{name}-{width}-{theme.ToString().ToLowerInvariant()}.png"), FullPage = true });
                var faults = await Person.LookOverAsync(page);
                Assert.True(faults.Count == 0, string.Join('\n', faults));
                Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"), $"{name} is wider than {width} pixels");
            }
        }
    }
}

using Bunit;
using Slipway.Web.Deployments;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments;

public sealed class EndpointCardTests : PageTest
{
    [Fact]
    public void Where_the_namespace_demands_a_key_the_program_gives_one()
    {
        var card = Render<EndpointCard>(p => p.Add(static c => c.Deployment, Given.Ready("a")).Add(static c => c.Gateway, new Uri("http://127.0.0.1:7080")));
        Assert.Empty(card.FindAll("#keyed"));
        Assert.DoesNotContain("SLIPWAY_API_KEY", card.Find("pre").TextContent, StringComparison.Ordinal);
        Keys.Require("default");
        card.WaitForAssertion(() => Assert.Equal("settings#keys", card.Find("#keyed a").GetAttribute("href")));
        Assert.Contains("\n  -H \"Authorization: Bearer $SLIPWAY_API_KEY\" \\\n  -H 'Content-Type", card.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_language_takes_the_key_from_the_same_variable()
    {
        var (open, keyed) = (Snippets.Of(new Uri("http://h:1"), "m", keyed: false), Snippets.Of(new Uri("http://h:1"), "m", keyed: true));
        Assert.All(keyed, static s => Assert.Contains(Snippets.Variable, s.Text, StringComparison.Ordinal));
        Assert.All(keyed, static s => Assert.DoesNotContain("not needed", s.Text, StringComparison.Ordinal));
        Assert.All(open, static s => Assert.DoesNotContain(Snippets.Variable, s.Text, StringComparison.Ordinal));
        Assert.Contains("import os\n\nfrom openai import OpenAI", keyed[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("# pip install openai\nfrom openai", open[1].Text, StringComparison.Ordinal);
    }
}

using Bunit;
using Slipway.Testing;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Settings;

public sealed class HelpCardTests : PageTest
{
    [Fact]
    public void It_begins_the_tour_and_names_guides_that_there_are()
    {
        var card = Render<HelpCard>();
        Assert.Equal("start", card.Find("button").GetAttribute("data-tour"));
        var files = card.FindAll("code").Select(static c => c.TextContent).Where(static c => c.StartsWith("docs/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, static f => Assert.True(File.Exists(Path.Combine(Tools.RepositoryRoot, f)), f));
    }
}

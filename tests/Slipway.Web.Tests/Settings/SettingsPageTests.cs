using Bunit;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Settings;

public sealed class SettingsPageTests : PageTest
{
    [Fact]
    public void Every_runtime_has_its_name_health_and_engines()
    {
        Deployments.RuntimeList.Add(FakeDeployments.Runtime("kserve", "KServe", EngineType.Vllm) with { Status = null });
        var page = Render<SettingsPage>();
        Assert.Equal(["Ready", "Not heard of"], page.FindAll(".grid .chip").Select(static c => c.TextContent.Trim()));
        Assert.Equal(["llama.cpp", "vLLM"], page.FindAll(".grid dt").Select(static d => d.TextContent));
        Assert.Contains("http://127.0.0.1:7080/v1", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_runtime_it_says_what_to_do()
    {
        Deployments.RuntimeList.Clear();
        Assert.Contains("slipway runtimes", Render<SettingsPage>().Find(".state-box").TextContent, StringComparison.Ordinal);
    }
}

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
    public void Gateways_of_a_cluster_are_those_that_deployments_are_reached_through()
    {
        foreach (var name in new[] { "a", "b" })
            Deployments.Put(Given.Ready(name) with { Status = Given.Ready(name).Status! with { Gateway = new GatewayStatus { GatewayName = "models", GatewayNamespace = "gateways", Endpoint = "http://10.0.0.1/v1" } } });
        var gateway = Assert.Single(Render<SettingsPage>().FindAll(".facts dt"), static d => d.TextContent == "Gateway gateways/models of the cluster");
        Assert.Equal("http://10.0.0.1/v1", gateway.NextElementSibling!.TextContent.Trim());
    }

    [Fact]
    public void Without_a_runtime_it_says_what_to_do()
    {
        Deployments.RuntimeList.Clear();
        Assert.Contains("slipway runtimes", Render<SettingsPage>().Find(".state-box").TextContent, StringComparison.Ordinal);
    }
}

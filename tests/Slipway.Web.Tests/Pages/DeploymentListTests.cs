using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Pages;

namespace Slipway.Web.Tests.Pages;

public sealed class DeploymentListTests
{
    [Fact]
    public async Task Without_deployments_the_page_says_how_to_make_one() =>
        Assert.Contains("slipway deploy slipway/tiny-chat", await RenderAsync(), StringComparison.Ordinal);

    [Fact]
    public async Task A_deployment_shows_its_state_and_what_is_going_on()
    {
        var html = await RenderAsync(Deployment("a", DeploymentPhase.Deploying, "Downloading: 10 MB of 20 MB"));
        Assert.Contains("data-model=\"model\" data-ready=\"false\"", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"state deploying\">Deploying</span>", html, StringComparison.Ordinal);
        Assert.Contains("Downloading: 10 MB of 20 MB", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_model_that_answers_is_offered_for_chat()
    {
        var ready = Deployment("a", DeploymentPhase.Running, "The model answers");
        ready = ready with
        {
            Status = ready.Status! with
            {
                Conditions =
                [
                    new Condition
                    {
                        Type = ConditionTypes.Ready, Status = ConditionStatus.True, Reason = "Serving", Message = "", LastTransitionTime = DateTimeOffset.UnixEpoch,
                    },
                ],
            },
        };
        Assert.Contains("data-ready=\"true\"", await RenderAsync(ready), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_wrote_is_text_and_never_markup()
    {
        var html = await RenderAsync(Deployment("a", DeploymentPhase.Failed, "<script>alert(1)</script>\" onload=\"x"));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    private static ModelDeployment Deployment(string name, DeploymentPhase phase, string message) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default" },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/model" } },
        Status = new ModelDeploymentStatus { Phase = phase, Message = message },
    };

    private static async Task<string> RenderAsync(params ModelDeployment[] deployments)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(DeploymentList.Deployments)] = deployments });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<DeploymentList>(parameters)).ToHtmlString());
    }
}

using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Access;
using Slipway.Web.Access.Members;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Deployments.Quality;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Discover;
using Slipway.Web.Playground;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Settings.Account;
using Slipway.Web.Settings.Keys;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A page with everything around it in memory.</summary>
public abstract class PageTest : BunitContext
{
    private protected PageTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<IDeployments>(Deployments);
        Services.AddSingleton<IEngineLogs>(Logs);
        Services.AddSingleton<ITrafficHistory>(Traffic);
        Services.AddSingleton<IRollouts>(Rollouts);
        Services.AddSingleton<ISchedules>(Schedules);
        Services.AddSingleton<IKeys>(Keys);
        Services.AddSingleton<IHubAccount>(Hub);
        Services.AddSingleton<IAnswers>(Answers);
        Services.AddSingleton<IModelShelf>(Answers);
        Services.AddSingleton(new NumbersReader(Answers));
        Services.AddSingleton(new ChatStream(() => new Uri("http://gateway"), Time, Gateway));
        Services.AddSingleton<IRights>(Rights);
        Services.AddSingleton<IMembers>(Members);
        Services.AddScoped(static services => new Visitor(null, services));
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton(new PageOptions(new Uri("http://127.0.0.1:7080"), "1.0"));
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", isInteractive: true));
    }

    private protected FakeDeployments Deployments { get; } = new();

    private protected SlowGateway Gateway { get; } = new();

    private protected FakeLogs Logs { get; } = new();

    private protected FakeTraffic Traffic { get; } = new();

    private protected FakeRollouts Rollouts { get; } = new();

    private protected FakeSchedules Schedules { get; } = new();

    private protected FakeKeys Keys { get; } = new();

    private protected FakeHubAccount Hub { get; } = new();

    private protected FakeRights Rights { get; } = new();

    private protected FakeMembers Members { get; } = new();

    private protected FakeAnswers Answers { get; } = new();

    private protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddMinutes(1));
}

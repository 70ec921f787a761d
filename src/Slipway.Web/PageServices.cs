using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Web.Access;
using Slipway.Web.Access.Members;
using Slipway.Web.Access.Oidc;
using Slipway.Web.Access.Seen;
using Slipway.Web.Discover;
using Slipway.Web.Playground;

namespace Slipway.Web;

/// <summary>What pages ask for: once for all where there is one user, or for each request and circuit by its person.</summary>
internal static class PageServices
{
    public static void AddOpenPage(this IServiceCollection services, PageSources sources, PageOptions options)
    {
        services.AddSingleton(sources.Deployments).AddSingleton(sources.Logs).AddSingleton(sources.Traffic).AddSingleton(sources.Rollouts).AddSingleton(sources.Schedules).AddSingleton(sources.Keys).AddSingleton(sources.Hub).AddSingleton(sources.Shelf).AddSingleton(sources.Answers);
        services.AddSingleton<NumbersReader>();
        services.AddSingleton(services => new ChatStream(() => options.Models, services.GetRequiredService<TimeProvider>()) { Key = options.GatewayKey });
        services.AddSingleton<IRights, EveryRight>().AddSingleton<IMembers, NoMembers>();
        services.AddScoped(static services => new Visitor(null, services));
    }

    public static void AddGuardedPage(this IServiceCollection services, AccessOptions access, PageOptions options)
    {
        services.AddSingleton(access).AddSingleton<Audit>().AddSingleton<Gatehouse>().AddHostedService<SessionKeeper>();
        if (access.Oidc is { } oidc)
            services.AddSingleton(services => new OidcProvider(oidc, services.GetRequiredService<TimeProvider>())).AddSingleton<OidcSignIn>().AddHostedService<TokenRenewer>();
        services.AddScoped(static services => new Visitor(services.GetRequiredService<Gatehouse>(), services));
        services.AddScoped<CircuitHandler, CircuitGuard>();
        services.AddScoped<SeenSources>();
        services.AddScoped(static services => services.GetRequiredService<Visitor>().Desk.Rights);
        services.AddScoped<IMembers>(static services => new PersonMembers(services.GetRequiredService<Visitor>().Desk.Client));
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Deployments);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Logs);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Traffic);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Rollouts);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Schedules);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Keys);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Hub);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Shelf);
        services.AddScoped(static services => services.GetRequiredService<SeenSources>().Seen.Answers);
        services.AddScoped<NumbersReader>();
        services.AddScoped(services => new ChatStream(() => options.Models, services.GetRequiredService<TimeProvider>(), may: services.GetRequiredService<SeenSources>().MayAsk) { Key = options.GatewayKey });
    }
}

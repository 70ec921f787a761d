using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Deployments.Quality;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Discover;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Settings.Account;
using Slipway.Web.Settings.Keys;

namespace Slipway.Web;

/// <summary>Where the page and the REST API have what they show from.</summary>
/// <param name="Deployments">The deployments.</param>
/// <param name="Logs">What their engines write.</param>
/// <param name="Traffic">What the deployments did.</param>
/// <param name="Rollouts">The rollouts.</param>
/// <param name="Schedules">Whether models are still as good.</param>
/// <param name="Keys">The keys of programs.</param>
/// <param name="Hub">Who this machine is at the hub.</param>
/// <param name="Shelf">The models of this machine.</param>
/// <param name="Answers">What the page and the REST API say.</param>
public sealed record PageSources(
    IDeployments Deployments, IEngineLogs Logs, ITrafficHistory Traffic, IRollouts Rollouts, ISchedules Schedules, IKeys Keys, IHubAccount Hub, IModelShelf Shelf, IAnswers Answers);

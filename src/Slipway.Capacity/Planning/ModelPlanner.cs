using System.Globalization;
using Slipway.Capacity.Cost;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Planning;

/// <summary>Finds the cheapest machines that run a model as a goal demands.</summary>
/// <remarks>
/// For each kind of accelerator and each number of devices that can share a layer: the most requests at once that a replica serves within the
/// limits, hence how many replicas, hence what they cost. Memory and speed depend on the kind and the number alone, so each pair is computed
/// once, however many machine types have it. A replica spans no more than one machine here.
/// </remarks>
public static class ModelPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="goal">What for.</param>
    /// <param name="offers">The machines that could be had.</param>
    /// <param name="most">How many plans to give, each of another kind of accelerator or another number of devices.</param>
    public static PlanResult Plan(ModelProfile profile, PlanGoal goal, IReadOnlyList<HardwareOffer> offers, int most = 3)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(goal);
        ArgumentNullException.ThrowIfNull(offers);
        var plans = new List<ModelPlan>();
        var refused = new List<PlanRefusal>();
        foreach (var kind in offers.GroupBy(static o => o.Accelerator.Key, StringComparer.Ordinal))
        {
            var accelerator = kind.First().Accelerator;
            var reason = EngineDevices.Refusal(goal.Engine.Engine, accelerator);
            if (reason is not null)
            {
                refused.Add(new(accelerator.Name, reason));
                continue;
            }

            var found = false;
            foreach (var tensor in LayoutRules.TensorSizes(profile, kind.Max(static o => o.Devices), goal.Engine.Engine))
            {
                var (shape, why) = Shape.Of(profile, goal, accelerator, new Layout(tensor));
                reason ??= why;
                if (shape is null) continue;
                if (Cheapest(goal, kind.Where(o => o.Devices >= tensor), shape) is { } plan)
                {
                    found = true;
                    plans.Add(plan);
                }
                else reason = $"it costs more than {goal.PerMonth} a month";
            }

            if (!found) refused.Add(new(accelerator.Name, reason ?? "no number of its devices can share the model's heads"));
        }

        var ranked = plans.OrderBy(static p => p.PerHour.Amount is null).ThenBy(static p => p.PerHour.Amount ?? 0).ThenBy(static p => p.Layout.Devices * p.Replicas)
            .ThenBy(static p => p.Offer.Name, StringComparer.Ordinal).Take(most).ToList();
        return new(ranked, refused);
    }

    private static ModelPlan? Cheapest(PlanGoal goal, IEnumerable<HardwareOffer> offers, Shape shape) => offers
        .Select(o => Priced(goal, o, shape))
        .Where(p => goal.PerMonth is not { } limit || (p.PerMonth.Amount is { } cost && cost <= limit))
        .OrderBy(static p => p.PerHour.Amount is null).ThenBy(static p => p.PerHour.Amount ?? 0).ThenBy(static p => p.Offer.Devices).ThenBy(static p => p.Offer.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    private static ModelPlan Priced(PlanGoal goal, HardwareOffer offer, Shape shape)
    {
        var share = shape.Layout.Devices / (decimal)offer.Devices;
        var one = offer.Price.TryGet(out var price, out var reason) ? CostSum.Of(price.Amount * share, price.Currency) : CostSum.NotKnown(reason);
        var each = one.Times(shape.Replicas);
        return new ModelPlan
        {
            Offer = offer,
            Layout = shape.Layout,
            Replicas = shape.Replicas,
            RequestsPerReplica = shape.Requests,
            Fit = shape.Fit,
            Speed = shape.Speed,
            PerHour = each,
            Tokens = TokenCost.Of(one, new Throughput(shape.Speed.SecondsPerPromptToken, shape.Speed.SecondsPerOutputToken)),
            Why = shape.Why(goal),
        };
    }

    /// <summary>A layout on a kind of accelerator with as many requests as it serves within the limits.</summary>
    private sealed record Shape(Layout Layout, int Requests, int Replicas, Fit Fit, SpeedEstimate Speed)
    {
        public static (Shape? Shape, string? Why) Of(ModelProfile profile, PlanGoal goal, Models.Hardware.Accelerator accelerator, Layout layout)
        {
            var traffic = goal.Traffic;
            var tokens = (long)traffic.PromptTokens + traffic.OutputTokens;
            var fit = FitCheck.Check(profile, accelerator, layout, new Workload(tokens, 1) { Cache = goal.Cache }, goal.Engine);
            if (fit.Verdict is FitVerdict.Refused or FitVerdict.DoesNotFit) return (null, fit.Reason);
            var correction = goal.Corrections.On(accelerator, layout, goal.Engine.Engine);
            SpeedEstimate? At(int requests) => SpeedModel.Estimate(profile, accelerator, layout, traffic with { Concurrency = requests }, goal.Engine, goal.Cache, correction);
            if (At(1) is not { } alone) return (null, "its bandwidth or arithmetic is not known, so its speed is not");
            if (Missed(goal, alone) is { } missed) return (null, missed);
            // More requests at once make each slower, so that halving finds the most that stay within the limits.
            var (low, high, best) = (1, (int)Math.Min(traffic.Concurrency, Math.Max(1, fit.LargestConcurrency)), alone);
            while (low < high)
            {
                var middle = low + ((high - low + 1) / 2);
                if (At(middle) is { } estimate && estimate.Running >= middle && Missed(goal, estimate) is null) (low, best) = (middle, estimate);
                else high = middle - 1;
            }

            var replicas = (int)Math.Ceiling(traffic.Concurrency / (double)low);
            if (goal.TokensPerSecond is { } wanted) replicas = Math.Max(replicas, (int)Math.Ceiling(wanted / best.OutputTokensPerSecond.Middle));
            return (new(layout, low, replicas, fit, best), null);
        }

        public string Why(PlanGoal goal)
        {
            var spread = Layout.Devices == 1 ? "on one device" : string.Create(CultureInfo.InvariantCulture, $"over {Layout.Devices} devices");
            var limit = Requests >= goal.Traffic.Concurrency ? "all requests fit one replica"
                : Requests >= Fit.LargestConcurrency ? string.Create(CultureInfo.InvariantCulture, $"memory holds {Requests} requests at once")
                : string.Create(CultureInfo.InvariantCulture, $"beyond {Requests} requests at once it is slower than asked");
            return $"{spread}: {limit}";
        }

        private static string? Missed(PlanGoal goal, SpeedEstimate estimate) =>
            goal.InterTokenSeconds is { } gap && estimate.InterTokenSeconds.Middle > gap
                ? string.Create(CultureInfo.InvariantCulture, $"even one request has {estimate.InterTokenSeconds.Middle * 1000:0} ms between tokens, {gap * 1000:0} are asked")
            : goal.FirstTokenSeconds is { } first && estimate.FirstTokenSeconds.Middle > first
                ? string.Create(CultureInfo.InvariantCulture, $"even one request waits {estimate.FirstTokenSeconds.Middle * 1000:0} ms for its first token, {first * 1000:0} are asked")
            : null;
    }
}

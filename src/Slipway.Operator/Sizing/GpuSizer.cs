using System.Numerics;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Operator.Sizing;

/// <summary>Decides how many accelerators hold a model with one sequence of its full length. Pure.</summary>
public static class GpuSizer
{
    private const long UnknownContext = 8192;
    private const int MostNodes = 8;

    /// <summary>Decides.</summary>
    /// <param name="profile">What the model is.</param>
    /// <param name="request">What the deployment asks for.</param>
    /// <param name="nodes">The cluster's nodes; none when they could not be read.</param>
    /// <param name="devices">What DRA drivers publish; nothing when they could not be read.</param>
    /// <returns>The smallest power of two that fits and divides the model's heads, on the smallest accelerators that hold it; or a refusal.</returns>
    public static ModelSizing Decide(ModelProfile profile, SizingRequest request, IReadOnlyList<NodeFacts> nodes, ClusterDevices? devices = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(request);
        var (seen, passed) = AcceleratorPool.Of(nodes, request, devices ?? ClusterDevices.None);
        var pools = seen.Count > 0 ? seen : [AcceleratorPool.Assumed(request.LeastMemoryBytes)];
        var usable = pools.Where(p => EngineDevices.Refusal(request.Engine.Engine, p.Accelerator) is null).ToList();
        if (usable.Count == 0)
            return Answer(SizingVerdict.Assumed, 1, $"1 GPU, for what a model needs on {pools[0].Accelerator.Name} is not known: set {request.CountField}");

        var workload = new Workload(Context(profile, request)) { Cache = request.Cache };
        var small = new List<string>();
        foreach (var pool in usable)
        {
            if (Smallest(profile, request, workload, pool, request.Nodes) is { } fit)
                return Answer(SizingVerdict.Sized, fit.Layout.Tensor, Sized(profile, fit, pool, workload, request, Assumed(seen, passed, pool), small));
            small.Add(pool.Accelerator.Name);
        }

        return Answer(SizingVerdict.DoesNotFit, 0, Refused(profile, request, workload, usable[^1]));

        ModelSizing Answer(SizingVerdict verdict, int gpus, string message) => new(verdict, gpus, message, request.Basis);
    }

    private static long Context(ModelProfile profile, SizingRequest request) =>
        Math.Max(1, Math.Min(request.ContextTokens ?? profile.Context.Length ?? UnknownContext, profile.Context.Length ?? long.MaxValue));

    private static List<int> Sizes(ModelProfile profile, SizingRequest request, AcceleratorPool pool) =>
        [.. LayoutRules.TensorSizes(profile, pool.Most, request.Engine.Engine).Where(n => BitOperations.IsPow2(n))];

    // What fits by less than an estimate may err is taken only where nothing larger is to be had.
    private static Fit? Smallest(ModelProfile profile, SizingRequest request, Workload workload, AcceleratorPool pool, int nodes)
    {
        var fits = Sizes(profile, request, pool).Select(n => FitCheck.Check(profile, pool.Accelerator, new Layout(n, nodes), workload, request.Engine)).ToList();
        return fits.Find(f => f.Verdict is FitVerdict.Fits) ?? fits.Find(f => f.Verdict is FitVerdict.Tight);
    }

    private static string Sized(ModelProfile profile, Fit fit, AcceleratorPool pool, Workload workload, SizingRequest request, string assumed, List<string> small)
    {
        var spread = request.Nodes > 1 ? $" on each of {request.Nodes} nodes" : "";
        var left = Math.Max(0, fit.Estimate!.CacheRoomBytes - fit.Estimate.CacheBytes);
        var avoid = small.Count == 0 ? "" : $"; it does not fit on {string.Join(" or ", small)}: keep it off them with {(request.Claim is null ? "spec.nodeSelector" : "spec.resources.accelerators.minMemory")}";
        return $"{fit.Layout.Tensor} x {Name(pool)}{spread}: {Parts(profile, fit, workload)}, {Gb(left)} GB left on each{assumed}{avoid}";
    }

    private static string Assumed(IReadOnlyList<AcceleratorPool> seen, string passed, AcceleratorPool pool) =>
        seen.Count > 0 ? "" : $"; {(passed.Length > 0 ? $"no device is what is asked for ({passed})" : "no node says how much memory its GPUs have")}, so {pool.Accelerator.Name} are assumed";

    private static string Refused(ModelProfile profile, SizingRequest request, Workload workload, AcceleratorPool pool)
    {
        var most = Sizes(profile, request, pool).DefaultIfEmpty(1).Max();
        var fit = FitCheck.Check(profile, pool.Accelerator, new Layout(most, request.Nodes), workload, request.Engine);
        var more = Enumerable.Range(request.Nodes + 1, Math.Max(0, MostNodes - request.Nodes)).Select(n => (Nodes: n, Fit: Smallest(profile, request, workload, pool, n))).FirstOrDefault(n => n.Fit is not null);
        var nodes = more.Fit is { } wide
            ? $"A replica needs {more.Nodes} nodes with {wide.Layout.Tensor} each: set spec.resources.nodes: {more.Nodes} and {request.CountField}: {wide.Layout.Tensor}"
            : $"A replica would need more than {MostNodes} such nodes";
        return $"Does not fit {most} x {Name(pool)}, the most that a node gives it: {Parts(profile, fit, workload)}. {nodes}, take a quantised model or a shorter "
            + $"spec.engine.contextLength; or set {request.CountField} to try it all the same";
    }

    private static string Parts(ModelProfile profile, Fit fit, Workload workload)
    {
        var cache = fit.Estimate is { } estimate ? $", {Gb(estimate.CacheBytes * fit.Layout.Devices)} GB for {Tokens(workload.ContextTokens)} tokens of context" : "";
        return $"{Gb(profile.Weights.Bytes.High)} GB of weights{cache}";
    }

    private static string Name(AcceleratorPool pool) => pool.Accelerator.Key == AcceleratorPool.AssumedKey ? pool.Accelerator.Name : $"{pool.Accelerator.Name} ({Gb(pool.Accelerator.MemoryBytes)} GB)";

    private static string Tokens(long tokens) => tokens >= 1024 && tokens % 1024 == 0 ? $"{tokens / 1024}k" : FormattableString.Invariant($"{tokens}");

    private static string Gb(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0}");
}

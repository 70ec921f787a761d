using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Engines;

/// <summary>How the work of one replica is divided among its accelerators, with nothing left open.</summary>
/// <param name="Tensor">Among how many accelerators each layer is divided.</param>
/// <param name="Pipeline">Into how many stages the layers are divided.</param>
/// <param name="Data">How many copies share the requests.</param>
/// <param name="Expert">Whether experts are divided among all accelerators.</param>
public sealed record Parallelism(int Tensor, int Pipeline, int Data, bool Expert)
{
    /// <summary>
    /// Fills what the manifest leaves open: a stage for each node unless data parallelism spans the nodes, and tensor parallelism over
    /// the rest (vLLM's own advice, docs/serving/parallelism_scaling: tensor within a node, pipeline between nodes).
    /// </summary>
    /// <param name="asked">What the manifest says; may be absent.</param>
    /// <param name="gpus">Accelerators on each node.</param>
    /// <param name="nodes">Nodes.</param>
    /// <returns>Sizes whose product is the number of accelerators, wherever what is asked divides it.</returns>
    public static Parallelism Of(ParallelismSpec? asked, int gpus, int nodes)
    {
        var all = Math.Max(1, gpus) * Math.Max(1, nodes);
        var data = asked?.Data ?? 1;
        var pipeline = asked?.Pipeline ?? (asked?.Tensor is { } t ? Math.Max(1, all / (t * data)) : data % Math.Max(1, nodes) == 0 ? 1 : Math.Max(1, nodes));
        var tensor = asked?.Tensor ?? Math.Max(1, all / (pipeline * data));
        return new Parallelism(tensor, pipeline, data, asked?.Expert == true);
    }
}

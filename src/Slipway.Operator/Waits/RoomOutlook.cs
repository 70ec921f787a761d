using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Quotas;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Queues;

namespace Slipway.Operator.Waits;

/// <summary>Whether a namespace has room for a deployment that is about to be declared. Pure.</summary>
public static class RoomOutlook
{
    /// <summary>Decides.</summary>
    /// <param name="draft">The deployment.</param>
    /// <param name="runtime">The runtime that would serve it.</param>
    /// <param name="engine">The engine that it would serve it with.</param>
    /// <param name="limits">What limits the namespace.</param>
    /// <returns>The answer; nothing for what the runtime would refuse anyway.</returns>
    public static RoomAnswer Of(ModelDeployment draft, IRuntime runtime, EngineType engine, NamespaceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(limits);
        var named = draft with { Metadata = draft.Metadata with { Name = draft.Metadata.Name ?? "model", Namespace = draft.Metadata.Namespace ?? "default" } };
        var gives = runtime.Descriptor.Spec.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine)?.GpuSupport == true;
        var effective = Effective.Of(named, engine, gives, null);
        if (ModelDeploymentValidator.Validate(named).Count > 0 || runtime.Unsupported(effective).Any(static f => f.Blocking)) return RoomAnswer.None;
        var ask = QuotaAsks.Of(effective, runtime.Render(effective, ClusterApis.None), limits.Classes);
        var facts = QuotaFinding.Of(limits.Quotas, ask).Select(static f => new RoomFact(f.Say(), f.Unsaid ? null : f.Fits)).ToList();
        if (Queue(named, limits, ask) is { } queue) facts.Insert(queue.Fits is false ? 0 : facts.Count, queue);
        if (facts.Count > 0 && gives && Effective.IsSized(named)) facts.Add(new RoomFact("how many accelerators a replica takes is counted from the model once it is declared; reckoned here is with 1", null));
        return new RoomAnswer([.. facts], limits.Unread);
    }

    private static RoomFact? Queue(ModelDeployment draft, NamespaceLimits limits, QuotaAsk ask)
    {
        if (KueueQueue.Of(draft) is not { } name) return null;
        if (limits.Queues.FirstOrDefault(q => q.Name == name) is not { } queue)
        {
            // What may not be read may be there.
            return !limits.Unread.IsEmpty ? null
                : new RoomFact($"there is no LocalQueue {name} in the namespace{(limits.Queues.IsEmpty ? "" : $"; there {(limits.Queues.Length == 1 ? "is" : "are")} {string.Join(", ", limits.Queues.Select(static q => q.Name))}")}", false);
        }

        if (queue.Closed is not null) return new RoomFact(queue.Say(), false);
        return queue.Lacks(ask) is { } lacks ? new RoomFact(lacks, false) : new RoomFact(queue.Say(), true);
    }
}

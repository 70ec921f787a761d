using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Operator.Selection;

/// <summary>Chooses engine and runtime for a deployment. Sticky: what was chosen stays, for a running model must not move by itself.</summary>
public static class Selector
{
    // The order of the shared API: engines for GPUs before the one that also runs without.
    private static readonly EngineType[] s_preference = [EngineType.Vllm, EngineType.SgLang, EngineType.TrtLlm, EngineType.LlamaCpp];

    /// <summary>Chooses.</summary>
    /// <param name="deployment">The deployment, with what was chosen before in its status.</param>
    /// <param name="providers">The runtimes that made themselves known.</param>
    /// <param name="now">The time, for runtimes that fell silent.</param>
    /// <returns>The choice, with reasons.</returns>
    public static Choice Choose(ModelDeployment deployment, IReadOnlyCollection<InferenceProviderConfig> providers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(providers);
        var need = Need.Of(deployment);
        var candidates = providers.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal).Select(p => new Candidate(p, need, now)).ToList();

        if (deployment.Spec.Provider?.Name is { } wanted) candidates = [.. candidates.Where(c => c.Name == wanted)];
        if (candidates.Count == 0) return Nobody(deployment, providers);

        var (engine, engineReason) = Engine(deployment, need, candidates);
        if (engine is null) return new Choice(null, engineReason, null, "Waits for an engine to be chosen");

        var (provider, providerReason) = Provider(deployment, need, candidates, engine.Value);
        return new Choice(engine, engineReason, provider, providerReason);
    }

    private static (EngineType? Engine, string Reason) Engine(ModelDeployment deployment, Need need, List<Candidate> candidates)
    {
        if (deployment.Spec.Engine?.Type is { } asked) return (asked, "Asked for in spec.engine.type");
        if (deployment.Status?.Engine is { Type: { } before } status) return (before, status.SelectedReason ?? "Chosen before");
        foreach (var engine in s_preference)
        {
            if (candidates.Find(c => c.Objection(engine) is null) is { } runs)
                return (engine, $"First of {Names(s_preference)} that a ready runtime ({runs.Name}) offers {need}");
        }

        return (null, $"No ready runtime offers an engine {need}: {WhyNot(candidates, s_preference)}");
    }

    private static (string? Provider, string Reason) Provider(ModelDeployment deployment, Need need, List<Candidate> candidates, EngineType engine)
    {
        if (deployment.Spec.Provider?.Name is { } asked)
        {
            return candidates[0].Objection(engine) is { } objection
                ? (null, $"{asked} was asked for but {objection}")
                : (asked, "Asked for in spec.provider.name");
        }

        if (deployment.Status?.Provider is { Name: { } before } status) return (before, status.SelectedReason ?? "Chosen before");
        var able = candidates.FindAll(c => c.Objection(engine) is null);
        if (able.Count == 0) return (null, $"No runtime can run {engine.Name()} {need}: {WhyNot(candidates, [engine])}");
        var spec = SelectionRules.Variables(deployment, engine);
        var scores = able.ToDictionary(c => c, c => SelectionRules.Score(c.Rules, spec));
        var best = able.OrderByDescending(c => scores[c].Priority).ThenBy(c => c.Name, StringComparer.Ordinal).First();
        var others = candidates.Where(c => c != best)
            .Select(c => $"{c.Name}: {c.Objection(engine) ?? (scores[c].Priority < scores[best].Priority ? $"priority {scores[c].Priority}" : "later by name")}")
            .Concat(scores.SelectMany(s => s.Value.Errors.Select(e => $"{s.Key.Name}'s {e}"))).ToList();
        var reason = able.Count == 1 ? $"The only ready runtime for {engine.Name()} {need}"
            : scores[best] is { Rule: { } rule, Priority: var priority } ? $"Its rule \"{rule}\" has the highest priority, {priority}"
            : $"First by name of {Names(able)} for {engine.Name()} {need}";
        return (best.Name, others.Count == 0 ? reason : $"{reason} ({string.Join("; ", others)})");
    }

    private static Choice Nobody(ModelDeployment deployment, IReadOnlyCollection<InferenceProviderConfig> providers)
    {
        var known = providers.Count == 0 ? "none is registered" : $"known are {string.Join(", ", providers.Select(p => p.Metadata.Name).Order())}";
        var why = deployment.Spec.Provider?.Name is { } wanted
            ? $"There is no runtime named \"{wanted}\": {known}"
            : "No runtime is registered: one makes itself known with an InferenceProviderConfig";
        return new Choice(deployment.Spec.Engine?.Type, deployment.Spec.Engine?.Type is null ? why : "Asked for in spec.engine.type", null, why);
    }

    private static string WhyNot(List<Candidate> candidates, EngineType[] engines) =>
        string.Join("; ", candidates.Select(c => $"{c.Name} {c.Objection(engines[^1])}"));

    private static string Names(IEnumerable<EngineType> engines) => string.Join(", ", engines.Select(e => e.Name()));

    private static string Names(IEnumerable<Candidate> candidates) => string.Join(", ", candidates.Select(c => c.Name));
}

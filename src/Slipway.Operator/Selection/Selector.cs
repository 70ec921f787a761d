using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Operator.Selection;

/// <summary>
/// Chooses engine and runtime for a deployment: anew as long as nothing was made, and for good from then on, for a running model must
/// not move by itself.
/// </summary>
public static class Selector
{
    // The order of the shared API: engines for GPUs before the one that also runs without.
    private static readonly EngineType[] s_preference = [EngineType.Vllm, EngineType.SgLang, EngineType.TrtLlm, EngineType.LlamaCpp];

    /// <summary>Chooses.</summary>
    /// <param name="deployment">The deployment, with what was chosen before in its status.</param>
    /// <param name="providers">The runtimes that made themselves known.</param>
    /// <param name="now">The time, for runtimes that fell silent.</param>
    /// <param name="refusal">What a runtime of a name says against running an engine for the deployment; nothing for one that cannot be asked.</param>
    /// <returns>The choice, with reasons.</returns>
    public static Choice Choose(
        ModelDeployment deployment,
        IReadOnlyCollection<InferenceProviderConfig> providers,
        DateTimeOffset now,
        Func<string, EngineType, string?>? refusal = null)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(providers);
        if (deployment.Status is { Engine: { Type: { } engineBefore } was, Provider: { Name: { } before, ResourceName: not null } by } && StillAsked(deployment, engineBefore, before))
            return new Choice(engineBefore, was.SelectedReason ?? "Chosen before", before, by.SelectedReason ?? "Chosen before");

        var need = Need.Of(deployment);
        var wanted = deployment.Spec.Provider?.Name;
        var candidates = providers.Where(p => wanted is null || p.Metadata.Name == wanted).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)
            .Select(p => new Candidate(p, need, now, wanted is not null, e => refusal?.Invoke(p.Metadata.Name!, e))).ToList();
        if (candidates.Count == 0) return Nobody(deployment, providers);

        var (engine, engineReason) = Engine(deployment, need, candidates);
        var choice = engine is null
            ? new Choice(null, engineReason, null, "Waits for an engine to be chosen", LookedAt(candidates, c => WhyNone(c, need)))
            : Provider(deployment, need, candidates, engine.Value, engineReason);
        // Where fields alone stand in the way everywhere, the runtime that would be chosen without them says which and who supports them.
        return choice.Provider is null && refusal is not null && Choose(deployment, providers, now) is { Provider: not null } but
            ? but with { Candidates = choice.Candidates }
            : choice;
    }

    // Who names another engine or runtime afterwards has changed their mind; the validator's rules say whether they may.
    private static bool StillAsked(ModelDeployment deployment, EngineType engine, string provider) =>
        (deployment.Spec.Engine?.Type ?? engine) == engine && (deployment.Spec.Provider?.Name ?? provider) == provider;

    private static (EngineType? Engine, string Reason) Engine(ModelDeployment deployment, Need need, List<Candidate> candidates)
    {
        if (deployment.Spec.Engine?.Type is { } asked) return (asked, "Asked for in spec.engine.type");
        var order = s_preference.Where(need.Allows).ToArray();
        foreach (var engine in order)
        {
            if (candidates.Find(c => c.Objection(engine) is null) is { } runs)
                return (engine, $"First of {Names(order)} that a ready runtime ({runs.Name}) offers{need}");
        }

        return (null, $"No ready runtime offers an engine{need}: {string.Join("; ", candidates.Select(c => $"{c.Name} {WhyNone(c, need)}"))}");
    }

    private static Choice Provider(ModelDeployment deployment, Need need, List<Candidate> candidates, EngineType engine, string engineReason)
    {
        if (deployment.Spec.Provider?.Name is { } asked)
        {
            return candidates[0].Objection(engine) is { } objection
                ? new Choice(engine, engineReason, null, $"{asked} was asked for but {objection}", LookedAt(candidates, _ => objection))
                : new Choice(engine, engineReason, asked, "Asked for in spec.provider.name");
        }

        var able = candidates.FindAll(c => c.Objection(engine) is null);
        if (able.Count == 0)
        {
            var why = $"No runtime can run {engine.Name()}{need}: {string.Join("; ", candidates.Select(c => $"{c.Name} {c.Objection(engine)}"))}";
            return new Choice(engine, engineReason, null, why, LookedAt(candidates, c => c.Objection(engine)!));
        }

        var spec = SelectionRules.Variables(deployment, engine);
        var scores = able.ToDictionary(c => c, c => SelectionRules.Score(c.Rules, spec));
        var best = able.OrderByDescending(c => scores[c].Priority).ThenBy(c => c.Name, StringComparer.Ordinal).First();
        var others = candidates.Where(c => c != best)
            .Select(c => $"{c.Name}: {c.Objection(engine) ?? (scores[c].Priority < scores[best].Priority ? $"priority {scores[c].Priority}" : "later by name")}")
            .Concat(scores.SelectMany(s => s.Value.Errors.Select(e => $"{s.Key.Name}'s {e}"))).ToList();
        var reason = able.Count == 1 ? $"The only ready runtime for {engine.Name()}{need}"
            : scores[best] is { Rule: { } rule, Priority: var priority } ? $"Its rule \"{rule}\" has the highest priority, {priority}"
            : $"First by name of {string.Join(", ", able.Select(c => c.Name))} for {engine.Name()}{need}";
        return new Choice(
            engine, engineReason, best.Name, others.Count == 0 ? reason : $"{reason} ({string.Join("; ", others)})",
            [.. candidates.Select(c => Verdict(c, engine, c == best, reason, scores))]);
    }

    private static CandidateStatus Verdict(Candidate candidate, EngineType engine, bool chosen, string reason, Dictionary<Candidate, RuleScore> scores)
    {
        if (candidate.Objection(engine) is { } objection) return new CandidateStatus { Name = candidate.Name, Message = objection };
        var score = scores[candidate];
        var errors = score.Errors.Count == 0 ? "" : $"; {string.Join("; ", score.Errors)}";
        var words = chosen ? $"chosen: {reason}" : score.Rule is { } rule ? $"its rule \"{rule}\" holds" : "none of its rules holds";
        return new CandidateStatus { Name = candidate.Name, Priority = score.Priority, Message = words + errors };
    }

    private static Choice Nobody(ModelDeployment deployment, IReadOnlyCollection<InferenceProviderConfig> providers)
    {
        var known = providers.Count == 0 ? "none is registered" : $"known are {string.Join(", ", providers.Select(p => p.Metadata.Name).Order())}";
        var why = deployment.Spec.Provider?.Name is { } wanted
            ? $"There is no runtime named \"{wanted}\": {known}"
            : "No runtime is registered: one makes itself known with an InferenceProviderConfig";
        return new Choice(deployment.Spec.Engine?.Type, deployment.Spec.Engine?.Type is null ? why : "Asked for in spec.engine.type", null, why);
    }

    // Of the engines that it does run, why not the first of them.
    private static string WhyNone(Candidate candidate, Need need)
    {
        var order = s_preference.Where(need.Allows).ToArray();
        var engine = Array.Find(order, e => candidate.Capability(e) is not null);
        return candidate.Objection(candidate.Capability(engine) is null ? order[^1] : engine) ?? "could";
    }

    private static List<CandidateStatus> LookedAt(List<Candidate> candidates, Func<Candidate, string> why) =>
        [.. candidates.Select(c => new CandidateStatus { Name = c.Name, Message = why(c) })];

    private static string Names(IEnumerable<EngineType> engines) => string.Join(", ", engines.Select(e => e.Name()));
}

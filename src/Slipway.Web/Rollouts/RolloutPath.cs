using Slipway.Api.Rollouts;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Rollouts;

/// <summary>The way of a rollout, step by step, with where it is. Pure.</summary>
internal static class RolloutPath
{
    /// <summary>The steps: the candidate is brought up, what the rollout declares, and the place is taken.</summary>
    public static IReadOnlyList<Step> Of(ModelRollout rollout)
    {
        var (phase, at) = (rollout.Phase(), rollout.Status?.Step ?? 0);
        var turned = phase is RolloutPhase.RollingBack or RolloutPhase.RolledBack;
        var through = phase is RolloutPhase.Promoting or RolloutPhase.Promoted;
        // What was undone had taken the place before.
        var undone = turned && Had(rollout, "Promoting");
        var up = through || undone || at > 0 || phase is RolloutPhase.Progressing or RolloutPhase.Paused || rollout.Status?.Gates?.Count > 0 || rollout.Status?.Shadow?.Count > 0 || rollout.Status?.Parity?.Count > 0 || Had(rollout, "Shifted");
        var steps = new List<Step>
        {
            new(T("The candidate is brought up"), up ? StepState.Done : turned ? StepState.Failed : phase is RolloutPhase.Provisioning ? StepState.Active : StepState.Waiting, Up(rollout)),
        };
        for (var i = 0; i < rollout.Spec.Steps.Count; i++)
        {
            var state = through || undone || i < at ? StepState.Done : i > at || !up ? StepState.Waiting : turned ? StepState.Failed : StepState.Active;
            steps.Add(Declared(rollout, i, state));
        }

        var keep = Span(rollout.Spec.KeepStableSeconds ?? 600);
        steps.Add(new Step(
            T("The candidate takes the place"),
            phase is RolloutPhase.Promoted ? StepState.Done : phase is RolloutPhase.Promoting ? StepState.Active : undone ? StepState.Failed : StepState.Waiting,
            undone ? T("it was undone") : phase is RolloutPhase.Promoting ? T("It answers everything; {0} runs on for {1} to go back to", rollout.Spec.DeploymentRef.Name, keep) : ""));
        return steps;
    }

    private static Step Declared(ModelRollout rollout, int index, StepState state) => rollout.Spec.Steps[index] switch
    {
        { Gates: { } gates } => new Step(gates.Count == 1 ? T("Gate {0}", gates[0]) : T("Gates {0}", string.Join(", ", gates)), state, string.Join("; ", (rollout.Status?.Gates ?? []).Where(g => g.Step == index).Select(Asked)), Share(rollout, index, state)),
        { Parity: { } parity } => new Step(T("Token by token"), state, rollout.Status?.Parity?.FirstOrDefault(p => p.Step == index) is { } known ? Figures(known) : T("both foretell answers to prompts of {0}", parity.SuiteRef.Name), Share(rollout.Status?.Parity?.FirstOrDefault(p => p.Step == index), state)),
        { Shadow: { } shadow } => new Step(
            shadow.Source is ShadowSource.Live ? T("Copies of {0} in 100 requests", shadow.Percent) : T("Recorded requests, asked again"), state,
            rollout.Status?.Shadow?.FirstOrDefault(s => s.Step == index) is { } seen ? Asked(seen) : T("no user sees what is answered"),
            state is StepState.Active && rollout.Status?.Shadow?.FirstOrDefault(s => s.Step == index) is { Total: > 0 } going ? going.Asked / (double)going.Total : null),
        { Canary: { } canary } => new Step(
            T("{0} of 100 requests", canary.Weight), state,
            state is StepState.Active && rollout.Status?.Traffic is { } seen ? Count(seen.Requests, "{0} request answered, {1} failed", "{0} requests answered, {1} failed", seen.Failures)
            : canary.MinRequests > 0 ? T("for {0} at least, and {1} requests", Span(canary.MinSeconds ?? 30), canary.MinRequests)
            : T("for {0} at least", Span(canary.MinSeconds ?? 30))),
        { Pause: { } pause } => new Step(T("Somebody approves"), state, pause.Message ?? ""),
        _ => new Step(T("Nothing"), state),
    };

    private static string Up(ModelRollout rollout)
    {
        var (name, capacity) = (rollout.Status?.CandidateName ?? "", rollout.Status?.Capacity);
        if (capacity is null) return name;
        var swapped = capacity.StableReplicas < capacity.Replicas ? T(", while {0} has {1} of {2}", rollout.Spec.DeploymentRef.Name, capacity.StableReplicas, capacity.Replicas) : "";
        return Count(capacity.CandidateReplicas, "{1} with {0} replica", "{1} with {0} replicas", name) + swapped + (capacity.ControlName is null ? "" : T("; {0} to compare with", capacity.ControlName));
    }

    private static string Asked(GateStatus gate) => T("{0} of {1} asked, {2} better, {3} worse", gate.Asked, gate.Total, gate.Better, gate.Worse);

    private static string Asked(ShadowStatus seen) =>
        (seen.Source is ShadowSource.Live
            ? Count(seen.Requests, "{0} copy asked, {1} failed", "{0} copies asked, {1} failed", seen.Failures)
            : T("{0} of {1} asked, {2} failed", seen.Asked, seen.Total, seen.Failures))
        + (seen.Dropped > 0 ? T(", {0} dropped", seen.Dropped) : "") + (seen.Missing > 0 ? T(", {0} missing", seen.Missing) : "") + Slow(seen);

    private static string Slow(ShadowStatus seen) =>
        string.Concat((seen.Latency ?? []).Where(static l => l.LimitSeconds > 0).Select(static l => T(", {0} too slow for {1} of {2}", Lower(l.Measure), l.Slower, l.Requests)));

    // As it stands within a sentence.
    private static string Lower(LatencyMeasure measure) => measure switch
    {
        LatencyMeasure.FirstToken => T("first token"),
        LatencyMeasure.BetweenTokens => T("time between tokens"),
        _ => T("whole answer"),
    };

    private static string Figures(ParityStatus known) => known.Verdict == "Running" || known.Reason is null ? T("{0} of {1} prompts, {2} tokens, {3} alike", known.Asked, known.Total, known.Tokens, known.Agreed) : known.Reason;

    private static double? Share(ParityStatus? known, StepState state) => state is StepState.Active && known is { Total: > 0 } ? known.Asked / (double)known.Total : null;

    private static double? Share(ModelRollout rollout, int index, StepState state) =>
        state is StepState.Active && (rollout.Status?.Gates ?? []).Where(g => g.Step == index && g.Total > 0).ToArray() is { Length: > 0 } mine ? mine.Average(static g => g.Asked / (double)g.Total) : null;

    private static bool Had(ModelRollout rollout, string what) => rollout.Status?.History?.Any(d => d.What == what) == true;

    private static string Span(int seconds) => seconds switch
    {
        < 120 => T("{0} s", seconds),
        < 7200 => T("{0:0.#} min", seconds / 60.0),
        _ => T("{0:0.#} h", seconds / 3600.0),
    };
}

using System.Globalization;
using Slipway.Api.Rollouts;
using Slipway.Web.Ui;

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
            new("The candidate is brought up", up ? StepState.Done : turned ? StepState.Failed : phase is RolloutPhase.Provisioning ? StepState.Active : StepState.Waiting, Up(rollout)),
        };
        for (var i = 0; i < rollout.Spec.Steps.Count; i++)
        {
            var state = through || undone || i < at ? StepState.Done : i > at || !up ? StepState.Waiting : turned ? StepState.Failed : StepState.Active;
            steps.Add(Declared(rollout, i, state));
        }

        var keep = Span(rollout.Spec.KeepStableSeconds ?? 600);
        steps.Add(new Step(
            "The candidate takes the place",
            phase is RolloutPhase.Promoted ? StepState.Done : phase is RolloutPhase.Promoting ? StepState.Active : undone ? StepState.Failed : StepState.Waiting,
            undone ? "it was undone" : phase is RolloutPhase.Promoting ? $"It answers everything; {rollout.Spec.DeploymentRef.Name} runs on for {keep} to go back to" : ""));
        return steps;
    }

    private static Step Declared(ModelRollout rollout, int index, StepState state) => rollout.Spec.Steps[index] switch
    {
        { Gates: { } gates } => new Step($"{(gates.Count == 1 ? "Gate" : "Gates")} {string.Join(", ", gates)}", state, string.Join("; ", (rollout.Status?.Gates ?? []).Where(g => g.Step == index).Select(Asked)), Share(rollout, index, state)),
        { Parity: { } parity } => new Step("Token by token", state, rollout.Status?.Parity?.FirstOrDefault(p => p.Step == index) is { } known ? Figures(known) : $"both foretell answers to prompts of {parity.SuiteRef.Name}", Share(rollout.Status?.Parity?.FirstOrDefault(p => p.Step == index), state)),
        { Shadow: { } shadow } => new Step(
            shadow.Source is ShadowSource.Live ? $"Copies of {shadow.Percent} in 100 requests" : "Recorded requests, asked again", state,
            rollout.Status?.Shadow?.FirstOrDefault(s => s.Step == index) is { } seen ? Asked(seen) : "no user sees what is answered",
            state is StepState.Active && rollout.Status?.Shadow?.FirstOrDefault(s => s.Step == index) is { Total: > 0 } going ? going.Asked / (double)going.Total : null),
        { Canary: { } canary } => new Step(
            $"{canary.Weight} of 100 requests", state,
            state is StepState.Active && rollout.Status?.Traffic is { } seen ? $"{Say.Plural(seen.Requests, "request")} answered, {seen.Failures} failed" : $"for {Span(canary.MinSeconds ?? 30)} at least{(canary.MinRequests > 0 ? $", and {canary.MinRequests} requests" : "")}"),
        { Pause: { } pause } => new Step("Somebody approves", state, pause.Message ?? ""),
        _ => new Step("Nothing", state),
    };

    private static string Up(ModelRollout rollout)
    {
        var (name, capacity) = (rollout.Status?.CandidateName ?? "", rollout.Status?.Capacity);
        if (capacity is null) return name;
        var swapped = capacity.StableReplicas < capacity.Replicas ? $", while {rollout.Spec.DeploymentRef.Name} has {capacity.StableReplicas} of {capacity.Replicas}" : "";
        return $"{name} with {Say.Plural(capacity.CandidateReplicas, "replica")}{swapped}{(capacity.ControlName is null ? "" : $"; {capacity.ControlName} to compare with")}";
    }

    private static string Asked(GateStatus gate) => $"{gate.Asked} of {gate.Total} asked, {gate.Better} better, {gate.Worse} worse";

    private static string Asked(ShadowStatus seen) =>
        $"{(seen.Source is ShadowSource.Live ? Say.Plural(seen.Requests, "copy", "copies") : $"{seen.Asked} of {seen.Total}")} asked, {seen.Failures} failed{(seen.Dropped > 0 ? $", {seen.Dropped} dropped" : "")}{(seen.Missing > 0 ? $", {seen.Missing} missing" : "")}{Slow(seen)}";

    private static string Slow(ShadowStatus seen) =>
        string.Concat((seen.Latency ?? []).Where(static l => l.LimitSeconds > 0).Select(static l => $", {RolloutFacts.Name(l.Measure).ToLowerInvariant()} too slow for {l.Slower} of {l.Requests}"));

    private static string Figures(ParityStatus known) => known.Verdict == "Running" || known.Reason is null ? $"{known.Asked} of {known.Total} prompts, {known.Tokens} tokens, {known.Agreed} alike" : known.Reason;

    private static double? Share(ParityStatus? known, StepState state) => state is StepState.Active && known is { Total: > 0 } ? known.Asked / (double)known.Total : null;

    private static double? Share(ModelRollout rollout, int index, StepState state) =>
        state is StepState.Active && (rollout.Status?.Gates ?? []).Where(g => g.Step == index && g.Total > 0).ToArray() is { Length: > 0 } mine ? mine.Average(static g => g.Asked / (double)g.Total) : null;

    private static bool Had(ModelRollout rollout, string what) => rollout.Status?.History?.Any(d => d.What == what) == true;

    private static string Span(int seconds) => seconds switch
    {
        < 120 => $"{seconds} s",
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60.0:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600.0:0.#} h"),
    };
}

using Slipway.Simulation.Cluster;

namespace Slipway.Up;

/// <summary>What `up` prints once it is ready: the three addresses and the next thing to type.</summary>
internal static class UpGreeting
{
    public static async Task WriteAsync(TextWriter console, UpOptions options, Instance instance, TimeSpan took)
    {
        var flag = options.Data.Flag;
        // As the user called it, so that the next line can be typed as it stands.
        var slipway = Environment.GetEnvironmentVariable("SLIPWAY_COMMAND") is { Length: > 0 } called ? called : "slipway";
        await console.WriteLineAsync(
            $"""
            Slipway is up on {options.Data.Path} ({took.TotalSeconds:0.0} s)

              Web page    {instance.Web}
              Gateway     {instance.Gateway}v1    OpenAI-compatible
              Kubernetes  {instance.Api}       export KUBECONFIG={options.Data.Kubeconfig}

            {(options.Web.SignsIn ? SignIn(options) : "")}{(options.Simulation is { } plan ? Simulated(plan, options.Data.Kubeconfig) : "")}Next, in another terminal:

              {slipway} deploy slipway/tiny-chat{flag}
              {slipway} chat tiny-chat "What is 17 + 25?"{flag}

            Ctrl-C stops everything; the state stays.
            """);
        await console.FlushAsync();
    }

    private static string SignIn(UpOptions options) =>
        $"""
        People sign in to the web page with a token of the cluster, and may do there what it may:
          kubectl --kubeconfig {options.Data.Kubeconfig} create token NAME -n NAMESPACE


        """;

    private static string Simulated(SimulationPlan plan, string kubeconfig) => FormattableString.Invariant(
        $"""
        SIMULATED: {plan.NodeCount} nodes{(plan.Accelerators.Length == 0 ? "" : $" with {plan.Accelerators}")}, to try manifests, scheduling, capacity and pages on.
        A small scheduler places pods there and says that they run: nothing does, and nothing answers.
        Models with provider.name vllm or llmd go there, the others run on this machine: kubectl --kubeconfig {kubeconfig} get nodes


        """);
}

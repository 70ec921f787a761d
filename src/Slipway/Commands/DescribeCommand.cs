using System.CommandLine;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Output;

namespace Slipway.Commands;

/// <summary>`slipway describe`.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var target = new Target();
        var format = OutputOptions.Format();
        var name = new Argument<string>("NAME") { Description = "The deployment" };
        var command = new ExampledCommand(
            "describe",
            "Show one deployment: what was chosen and why, what holds and what does not, and what happened.",
            """
              slipway describe tiny-chat
              slipway describe tiny-chat -o yaml
            """)
        {
            name, format,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var key = new NamespacedName(reach.Namespace, parse.GetValue(name)!);
                var found = await Find.DeploymentAsync(reach, key, token);
                if (parse.GetValue(format) is not OutputFormat.Table and var other)
                {
                    await Print.ObjectAsync(found, SlipwayJson.Default.ModelDeployment, other);
                    return ExitCodes.Ok;
                }

                var events = await reach.Client.ListAsync(
                    Kinds.Events, key.Namespace, token, $"fieldSelector={Uri.EscapeDataString($"involvedObject.uid={found.Metadata.Uid}")}");
                await WriteAsync(found, events, reach.Gateway);
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task WriteAsync(ModelDeployment found, IReadOnlyList<KubernetesEvent> events, Uri? gateway)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (spec, status, console) = (found.Spec, found.Status, Console.Out);
        await console.WriteLineAsync($"Name:       {found.Metadata.Namespace}/{found.Metadata.Name}{(found.IsPaused ? "   (paused)" : "")}");
        await console.WriteLineAsync($"Model:      {spec.Model.Id}{(spec.Model.Quantization is { } q ? $" {q}" : "")}{(spec.Model.Revision is { } r ? $" @ {r}" : "")}");
        await console.WriteLineAsync($"Phase:      {status?.Phase?.ToString() ?? "Pending"}   {status?.Message}");
        await console.WriteLineAsync($"Replicas:   {status?.Replicas?.Ready ?? 0} of {status?.Replicas?.Desired ?? spec.Scaling?.Replicas ?? 1} ready");
        await console.WriteLineAsync($"Engine:     {status?.Engine?.Type?.Name()}   {status?.Engine?.SelectedReason}");
        await console.WriteLineAsync($"Runtime:    {status?.Provider?.Name}   {status?.Provider?.SelectedReason}");
        if (status?.Gateway is { Endpoint: not null } routed) await console.WriteLineAsync($"Endpoint:   {gateway?.ToString() ?? routed.Endpoint} model \"{routed.ModelName}\"");
        await console.WriteLineAsync("\nConditions:");
        foreach (var condition in status?.Conditions ?? [])
            await console.WriteLineAsync($"  {Mark(condition.Status)} {condition.Type,-20} {Age.Of(condition.LastTransitionTime, now),5}  {condition.Message}");
        await console.WriteLineAsync("\nEvents:");
        foreach (var happened in events.OrderBy(e => e.LastTimestamp))
            await console.WriteLineAsync($"  {Age.Of(happened.LastTimestamp, now),5} {happened.Type,-8} {happened.Reason,-20} {happened.Message}{(happened.Count > 1 ? $" (x{happened.Count})" : "")}");
    }

    private static string Mark(ConditionStatus status) => status switch
    {
        ConditionStatus.True => "yes",
        ConditionStatus.False => "NO ",
        _ => "?  ",
    };
}

using System.CommandLine;
using System.Net;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Selection;
using Slipway.Output;
using Slipway.Web.Manifests;

namespace Slipway.Commands;

/// <summary>`slipway deploy`.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var target = new Target();
        var options = new DeployOptions();
        var command = new ExampledCommand(
            "deploy",
            "Serve a model: from the Hugging Face Hub, its cache on this machine, or the local store. Deploying under a name that exists changes that deployment.",
            """
              slipway deploy slipway/tiny-chat
              slipway deploy Qwen/Qwen3-0.6B-GGUF --quantization Q8_0 --context-length 8192
              slipway deploy Qwen/Qwen3-8B --kubeconfig ~/.kube/config --runtime vllm --queue gpus
              slipway deploy unsloth/gemma-3-1b-it-GGUF --name gemma --replicas 2
              slipway deploy slipway/tiny-chat --dry-run -o yaml > tiny-chat.yaml
            """);
        options.AddTo(command);
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(parse, (reach, token) => RunAsync(parse, options, reach, token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, DeployOptions options, Reach reach, CancellationToken cancellationToken)
    {
        var dryRun = parse.GetValue(options.DryRun);
        var deployment = options.Read(parse, dryRun ? null : reach.Namespace);
        var errors = ModelDeploymentValidator.Validate(deployment);
        if (errors.Count > 0) throw new CommandFailure(ExitCodes.Failed, string.Join("\nslipway: ", errors));

        var format = parse.GetValue(options.Format);
        if (dryRun)
        {
            await Print.ObjectAsync(deployment, SlipwayJson.Default.ModelDeployment, format is OutputFormat.Table ? OutputFormat.Yaml : format);
            return ExitCodes.Ok;
        }

        foreach (var sentence in await RoomAsync(reach, deployment, cancellationToken)) await Console.Error.WriteLineAsync($"slipway: {sentence}");
        var key = new NamespacedName(reach.Namespace, deployment.Metadata.Name!);
        var applied = await reach.Client.ApplyAsync(Kinds.ModelDeployments, deployment, "slipway-cli", cancellationToken);
        if (parse.GetValue(options.NoWait))
        {
            await Console.Out.WriteLineAsync($"{key} is declared. Follow it with: slipway describe {key.Name}{reach.Data.Flag}");
            return ExitCodes.Ok;
        }

        var timeout = TimeSpan.FromSeconds(parse.GetValue(options.Timeout));
        return await DeployProgress.FollowAsync(reach, key, applied.Metadata.Generation, timeout, format, cancellationToken);
    }

    // It is declared all the same: quotas are raised and queues move on, and the deployment says what it waits for.
    private static async Task<IEnumerable<string>> RoomAsync(Reach reach, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            // Of one that is there the pods are counted already, so that nothing can be told by what is left.
            if (await reach.Client.GetAsync(Kinds.ModelDeployments, new NamespacedName(reach.Namespace, deployment.Metadata.Name!), cancellationToken) is not null) return [];
            var choice = Selector.Choose(deployment, await reach.Client.ListAsync(Kinds.Providers, null, cancellationToken), TimeProvider.System.GetUtcNow());
            return (await new Answers(reach.Client, TimeProvider.System).RoomAsync(deployment, choice.Provider, choice.Engine, cancellationToken)).Against;
        }
        catch (KubeApiException unread) when (unread.Code is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            // Whoever may deploy need not be allowed to look around.
            return [];
        }
    }

    private sealed class DeployOptions
    {
        public Argument<string> Model { get; } = new("MODEL") { Description = "ORGANISATION/NAME of the model" };

        public Option<string?> Name { get; } = new("--name") { Description = "The deployment's name (default: from the model's)", HelpName = "NAME" };

        public Option<string?> Served { get; } = new("--served-name") { Description = "The name that requests give in \"model\"", HelpName = "NAME" };

        public Option<string?> Quantization { get; } = new("--quantization", "-q") { Description = "Which quantisation of several, such as Q4_K_M", HelpName = "TYPE" };

        public Option<string?> File { get; } = new("--file") { Description = "The very GGUF file", HelpName = "FILE" };

        public Option<string?> Revision { get; } = new("--revision") { Description = "Branch, tag or commit", HelpName = "REV" };

        public Option<int?> ContextLength { get; } = new("--context-length", "-c") { Description = "Longest prompt and answer together, in tokens", HelpName = "N" };

        public Option<int?> Replicas { get; } = new("--replicas", "-r") { Description = "How many replicas (default: 1)", HelpName = "N" };

        public Option<string?> Provider { get; } = new("--runtime") { Description = "The runtime, such as local; chosen when absent", HelpName = "NAME" };

        public Option<string?> Queue { get; } = new("--queue") { Description = "The LocalQueue of Kueue that lets it start", HelpName = "NAME" };

        public Option<string?> TokenSecret { get; } = new("--token-secret") { Description = "The Secret whose key HF_TOKEN opens a gated model", HelpName = "SECRET" };

        public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Print the manifest, change nothing" };

        public Option<bool> NoWait { get; } = new("--no-wait") { Description = "Do not wait until the model answers" };

        public Option<int> Timeout { get; } = new("--timeout") { Description = "Seconds to wait until the model answers", HelpName = "SECONDS", DefaultValueFactory = _ => 1800 };

        public Option<OutputFormat> Format { get; } = OutputOptions.Format();

        public void AddTo(Command command)
        {
            command.Arguments.Add(Model);
            foreach (var option in new Option[] { Name, Served, Quantization, File, Revision, ContextLength, Replicas, Provider, Queue, TokenSecret, DryRun, NoWait, Timeout, Format })
                command.Options.Add(option);
        }

        public ModelDeployment Read(ParseResult parse, string? ns)
        {
            var context = parse.GetValue(ContextLength);
            return new ModelDeployment
            {
                Metadata = new ObjectMeta { Name = parse.GetValue(Name) ?? DeploymentNames.For(parse.GetValue(Model)!), Namespace = ns },
                Spec = new ModelDeploymentSpec
                {
                    Model = new ModelSpec
                    {
                        Id = parse.GetValue(Model),
                        ServedName = parse.GetValue(Served),
                        Quantization = parse.GetValue(Quantization),
                        File = parse.GetValue(File),
                        Revision = parse.GetValue(Revision),
                    },
                    Engine = context is null ? null : new EngineSpec { ContextLength = context },
                    Scaling = parse.GetValue(Replicas) is { } replicas ? new ScalingSpec { Replicas = replicas } : null,
                    Provider = parse.GetValue(Provider) is { } provider ? new ProviderSpec { Name = provider } : null,
                    Scheduling = parse.GetValue(Queue) is { } queue ? new SchedulingSpec { QueueName = queue } : null,
                    Secrets = parse.GetValue(TokenSecret) is { } secret ? new SecretsSpec { HuggingFaceToken = secret } : null,
                },
            };
        }
    }
}

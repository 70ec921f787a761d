using System.CommandLine;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Chat;
using Slipway.Commands.Keys;
using Slipway.Kubernetes.Objects;
using Slipway.Web.Playground;

namespace Slipway.Commands;

/// <summary>`slipway chat`.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "The deployment, or a model name that the gateway knows" };
        var prompt = new Argument<string[]>("PROMPT") { Description = "One question; without it, a conversation", Arity = ArgumentArity.ZeroOrMore };
        var system = new Option<string?>("--system", "-s") { Description = "The system prompt", HelpName = "TEXT" };
        var temperature = new Option<double?>("--temperature", "-t") { Description = "0 for the likeliest answer", HelpName = "N" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "The longest answer, in tokens", HelpName = "N" };
        var command = new ExampledCommand(
            "chat",
            "Talk to a model. Answers appear as they are made; Ctrl-C stops an answer, and at the prompt leaves.",
            """
              slipway chat tiny-chat
              slipway chat tiny-chat "What is 17 + 25?"
              slipway chat tiny-chat --temperature 0 < question.txt
            """)
        {
            name, prompt, system, temperature, maxTokens,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var settings = new ChatOptions(
                    await ModelNameAsync(reach, parse.GetValue(name)!, token), parse.GetValue(system), parse.GetValue(temperature), parse.GetValue(maxTokens));
                var gateway = reach.Gateway
                    ?? throw new CommandFailure(ExitCodes.Unreachable, $"There is no gateway on {reach.Data.Path}. Start one with: slipway up{reach.Data.Flag}");
                using var client = new ChatStream(() => gateway, TimeProvider.System) { Key = GatewayKey.Of(reach) };
                var words = parse.GetValue(prompt)!;
                if (words.Length > 0) return await ChatScreen.AskOnceAsync(client, settings, string.Join(' ', words), token);
                if (Console.IsInputRedirected) return await ChatScreen.AskOnceAsync(client, settings, (await Console.In.ReadToEndAsync(token)).Trim(), token);
                return await ChatScreen.ConverseAsync(client, settings, token);
            },
            cancellationToken));
        return command;
    }

    // A deployment's own name is what people remember; the gateway knows it by its model name.
    private static async Task<string> ModelNameAsync(Reach reach, string name, CancellationToken cancellationToken)
    {
        if (name.Contains('/', StringComparison.Ordinal)) return name;
        var found = await reach.Client.GetAsync(Operator.Kinds.ModelDeployments, new NamespacedName(reach.Namespace, name), cancellationToken);
        // A rollout may have put another deployment in its place.
        for (var hops = 0; hops < 10 && found?.Metadata.Annotations?.GetValueOrDefault(ModelRollout.ReplacedByAnnotation) is { } next; hops++)
            found = await reach.Client.GetAsync(Operator.Kinds.ModelDeployments, new NamespacedName(reach.Namespace, next), cancellationToken);
        return found is null ? name : ServedModel.RoutedName(found);
    }
}

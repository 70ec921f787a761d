using System.CommandLine;
using System.Globalization;
using System.Net;
using Slipway.Api.Keys;
using Slipway.Api.Meta;
using Slipway.Gateway.Keys;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;

namespace Slipway.Commands.Keys;

/// <summary>`slipway keys create`.</summary>
internal static class CreateKeyCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string>("NAME") { Description = "Its name, such as that of whoever gets it" };
        var models = new Option<string[]>("--model", "-m") { Description = "A model that it opens, by the name that requests give; may be given several times (default: all of the namespace)", HelpName = "MODEL" };
        var requests = Limit("--requests-per-minute", "Most requests a minute", 1_000_000);
        var tokens = Limit("--tokens-per-minute", "Most tokens a minute, of prompts and answers", 1_000_000_000);
        var concurrent = Limit("--concurrent", "Most requests at one time", 100_000);
        var expires = new Option<string?>("--expires") { Description = "When it ends: hours or days from now, such as 12h or 90d", HelpName = "TIME" };
        expires.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && Time(text) is null) result.AddError($"--expires takes hours or days, such as 12h or 90d, not \"{text}\".");
        });
        var description = new Option<string?>("--description") { Description = "What it is for", HelpName = "TEXT" };
        var command = new ExampledCommand(
            "create",
            "Draw a key and print it: it is shown this once, and kept nowhere. What is kept is its digest, in an ApiKey.",
            """
              slipway keys create shop
              slipway keys create shop --model qwen3 --requests-per-minute 60 --tokens-per-minute 100000 --expires 90d
              export OPENAI_API_KEY=$(slipway keys create me)
            """)
        {
            name, models, requests, tokens, concurrent, expires, description,
        };
        target.AddTo(command);
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var text = KeyText.New();
                var key = new ApiKey
                {
                    Metadata = new ObjectMeta { Name = parse.GetRequiredValue(name), Namespace = reach.Namespace },
                    Spec = new ApiKeySpec
                    {
                        Digest = KeyText.Digest(text),
                        Description = parse.GetValue(description),
                        Models = parse.GetValue(models) is { Length: > 0 } some ? some : null,
                        RequestsPerMinute = parse.GetValue(requests),
                        TokensPerMinute = parse.GetValue(tokens),
                        ConcurrentRequests = parse.GetValue(concurrent),
                        Expires = parse.GetValue(expires) is { } end ? TimeProvider.System.GetUtcNow() + Time(end)!.Value : null,
                    },
                };
                try
                {
                    await reach.Client.CreateAsync(Kinds.ApiKeys, key, token);
                }
                catch (KubeApiException taken) when (taken.Code is HttpStatusCode.Conflict)
                {
                    throw new CommandFailure(ExitCodes.Failed, $"There is a key {reach.Namespace}/{key.Metadata.Name} already. Delete it first, or take another name: a key is drawn once and cannot be shown again.");
                }

                // The key alone, so that it can be taken up by a script.
                await Console.Out.WriteLineAsync(text);
                await Console.Error.WriteLineAsync($"ApiKey {reach.Namespace}/{key.Metadata.Name} is made. Clients send the key as \"Authorization: Bearer {KeyText.Prefix}...\", OpenAI's take it as api_key. It cannot be shown again.");
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Option<int?> Limit(string name, string description, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > most))
                result.AddError($"{name} takes a number from 1 to {most}, not \"{text}\".");
        });
        return option;
    }

    private static TimeSpan? Time(string text) => text.Length > 1 && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100_000
        ? text[^1] switch { 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null } : null;
}

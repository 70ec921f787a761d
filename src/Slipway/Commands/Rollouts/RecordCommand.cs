using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Output;

namespace Slipway.Commands.Rollouts;

/// <summary>`slipway rollout record`.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var target = new Target();
        var name = new Argument<string?>("NAME") { Description = "The rollout", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "Check a record that was kept elsewhere", HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "The public key that has to have signed it (default: this Slipway's own)", HelpName = "FILE" };
        var envelope = new Option<bool>("--envelope") { Description = "Print the signed envelope as it is, for other tools" };
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "record",
            "Check the signed record of a decision and show what it states: an in-toto test result. Exits with 1 when it is not to be believed.",
            """
              slipway rollout record better
              slipway rollout record better --envelope > better.decision.json
              slipway rollout record --file better.decision.json --key decisions.pem.pub
            """)
        {
            name, file, key, envelope, format,
        };
        target.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is null == result.GetValue(file) is null) result.AddError("Name a rollout, or a record with --file.");
        });
        command.SetAction((parse, cancellationToken) => target.RunAsync(
            parse,
            async (reach, token) =>
            {
                var path = parse.GetValue(file) ?? DecisionFiles.File(reach.Data.Evidence, reach.Namespace, parse.GetValue(name)!);
                if (!File.Exists(path))
                {
                    throw new CommandFailure(ExitCodes.NotFound, parse.GetValue(file) is null
                        ? $"There is no record of {reach.Namespace}/{parse.GetValue(name)}: either nothing is decided yet (slipway rollout watch {parse.GetValue(name)}), or another Slipway decided it."
                        : $"There is no file {path}.");
                }

                var text = await File.ReadAllTextAsync(path, token);
                using var signer = await PublicKeyAsync(parse.GetValue(key) ?? reach.Data.DecisionKey.PublicFile, token);
                var (payload, problem) = Dsse.Verify(text, signer);
                if (payload is null)
                    throw new CommandFailure(ExitCodes.Failed, $"{path} is not to be believed: {problem}.");
                if (parse.GetValue(envelope)) await Console.Out.WriteAsync(text);
                else if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.NodeAsync(JsonNode.Parse(payload)!, other);
                else await WriteAsync(JsonNode.Parse(payload)!, Dsse.KeyId(signer));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<ECDsa> PublicKeyAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new CommandFailure(ExitCodes.NotFound, $"There is no public key {file}. Say which one has to have signed the record: --key FILE");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(await File.ReadAllTextAsync(file, cancellationToken));
            return key;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CommandFailure(ExitCodes.Failed, $"{file} holds no public key in PEM of an elliptic curve: {wrong.Message}");
        }
    }

    private static async Task WriteAsync(JsonNode statement, string keyId)
    {
        var predicate = statement["predicate"]!;
        var rollout = predicate["slipway.dev/rollout"]!;
        await Console.Out.WriteLineAsync($"{(string?)predicate["result"]}  {(string?)rollout["name"]}, decided {(string?)rollout["decided"]}");
        await Console.Out.WriteLineAsync($"Why        {(string?)rollout["why"]}");
        await Console.Out.WriteLineAsync($"Subject    {(string?)statement["subject"]![0]!["name"]}, changed by {rollout["candidate"]!.ToJsonString()}");
        foreach (var gate in rollout["gates"]?.AsArray() ?? [])
            await Console.Out.WriteLineAsync($"Gate       {(string?)gate!["name"]}: {(string?)gate["verdict"]}, {(string?)gate["reason"]}");
        await Console.Out.WriteLineAsync($"Signed by  {keyId[..16]}");
    }
}

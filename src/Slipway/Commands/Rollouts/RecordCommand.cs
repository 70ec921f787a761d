using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Keeping;
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
        var key = new Option<string?>("--key") { Description = "The public key that has to have signed it (default: that of the Slipway that is asked)", HelpName = "FILE" };
        var operators = new Option<string>("--operator-namespace") { Description = "The namespace of a cluster's operator, whose key it is", HelpName = "NS", DefaultValueFactory = static _ => OperatorNamespace.Usual };
        var envelope = new Option<bool>("--envelope") { Description = "Print the signed envelope as it is, for other tools" };
        var format = OutputOptions.Format();
        var command = new ExampledCommand(
            "record",
            "Check the signed record of a decision and show what it states: an in-toto test result. Exits with 1 when it is not to be believed.",
            """
              slipway rollout record better
              slipway rollout record better --envelope > better.decision.json
              slipway rollout record better --kubeconfig ~/.kube/config -n team
              slipway rollout record --file better.decision.json --key decisions.pem.pub
            """)
        {
            name, file, key, operators, envelope, format,
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
                var (what, text) = parse.GetValue(file) is { } path ? ($"{path}", await FileAsync(path, token)) : await RecordAsync(reach, parse.GetValue(name)!, token);
                using var signer = await PublicKeyAsync(reach, parse.GetValue(key), parse.GetValue(operators)!, token);
                var (payload, problem) = Dsse.Verify(text, signer);
                if (payload is null) throw new CommandFailure(ExitCodes.Failed, $"{what} is not to be believed: {problem}.");
                if (parse.GetValue(envelope)) await Console.Out.WriteAsync(text);
                else if (parse.GetValue(format) is not OutputFormat.Table and var other) await Print.NodeAsync(JsonNode.Parse(payload)!, other);
                else await WriteAsync(JsonNode.Parse(payload)!, Dsse.KeyId(signer));
                return ExitCodes.Ok;
            },
            cancellationToken));
        return command;
    }

    private static async Task<string> FileAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : throw new CommandFailure(ExitCodes.NotFound, $"There is no file {path}.");

    private static async Task<(string What, string Text)> RecordAsync(Reach reach, string rollout, CancellationToken cancellationToken)
    {
        var records = await DecisionRecords.OfAsync(reach.Client, new NamespacedName(reach.Namespace, rollout), cancellationToken);
        return records is [var last, ..]
            ? ($"RolloutRecord {reach.Namespace}/{last.Metadata.Name}", last.Spec.Envelope + "\n")
            : throw new CommandFailure(ExitCodes.NotFound, $"There is no record of {reach.Namespace}/{rollout}: nothing is decided yet (slipway rollout watch {rollout}), or there is no such rollout.");
    }

    // This machine's own key, or that of a cluster's operator.
    private static async Task<ECDsa> PublicKeyAsync(Reach reach, string? file, string operators, CancellationToken cancellationToken)
    {
        const string Instead = "Say which one has to have signed the record: --key FILE";
        if (file is null && reach.IsCluster)
        {
            var (text, fault) = await DecisionSecret.PublicAsync(reach.Client, operators, cancellationToken);
            return Read(text ?? throw new CommandFailure(ExitCodes.NotFound, $"The operator's public key cannot be read from ConfigMap {operators}/{DecisionSecret.Name}: {fault ?? "it is not there"}. {Instead}"), $"ConfigMap {operators}/{DecisionSecret.Name}");
        }

        var path = file ?? reach.Data.DecisionKey.PublicFile;
        if (!File.Exists(path)) throw new CommandFailure(ExitCodes.NotFound, $"There is no public key {path}. {Instead}");
        return Read(await File.ReadAllTextAsync(path, cancellationToken), path);
    }

    private static ECDsa Read(string pem, string from)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception wrong) when (wrong is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CommandFailure(ExitCodes.Failed, $"{from} holds no public key in PEM of an elliptic curve: {wrong.Message}");
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

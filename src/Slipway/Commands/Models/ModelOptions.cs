using System.CommandLine;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Answers.Models;
using Slipway.Knowing;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;
using Slipway.Models.Store;
using Slipway.Output;
using Slipway.Up;

namespace Slipway.Commands.Models;

/// <summary>What all commands about a model that does not run yet ask for.</summary>
internal sealed class ModelOptions
{
    public Argument<string> Id { get; } = new("model") { Description = "Repository on the hub, or a folder with the model's files", HelpName = "MODEL" };

    public Option<string?> Revision { get; } = new("--revision") { Description = "Branch, tag or commit", HelpName = "REVISION" };

    public Option<string?> Quantization { get; } = new("--quantization", "-q") { Description = "Which of several GGUF files, as Q4_K_M", HelpName = "TYPE" };

    public Option<int> Prompt { get; } = Positive("--prompt", "Tokens of a prompt", "TOKENS", ModelQuestion.UsualPrompt, 10_000_000);

    public Option<int> Output { get; } = Positive("--answer", "Tokens of an answer", "TOKENS", ModelQuestion.UsualOutput, 1_000_000);

    public Option<int> Concurrency { get; } = Positive("--concurrency", "Requests at the same time", "REQUESTS", 1, 1_000_000);

    public Option<ServingEngine> Engine { get; } = new("--engine")
    {
        Description = "The engine that will run it",
        HelpName = "vllm|sglang|tensorrtllm|llamacpp",
        DefaultValueFactory = _ => ServingEngine.Vllm,
    };

    public Option<string> Cache { get; } = new("--kv-cache") { Description = "How keys and values are stored, as auto, fp8, q8_0", HelpName = "TYPE", DefaultValueFactory = _ => "auto" };

    public Option<string[]> Gpus { get; } = new("--gpu") { Description = "Only these accelerators, as h100-sxm; may be given several times", HelpName = "KEY" };

    public Option<string?> Kubeconfig { get; } = new("--kubeconfig") { Description = "Take what was measured from this cluster (default: from the Slipway of this machine)", HelpName = "FILE" };

    public Option<string?> Context { get; } = new("--context") { Description = "The kubeconfig's context", HelpName = "NAME" };

    public Option<OutputFormat> Format { get; } = OutputOptions.Format();

    public void AddTo(Command command)
    {
        command.Add(Id);
        foreach (var option in (Option[])[Revision, Quantization, Prompt, Output, Concurrency, Engine, Cache, Gpus, Kubeconfig, Context, Format]) command.Add(option);
    }

    /// <summary>Reads what the model is.</summary>
    /// <exception cref="CommandFailure">It cannot be read; the message says why and what to do.</exception>
    public async Task<ModelProfile> ProfileAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var id = parse.GetRequiredValue(Id);
        var request = new ModelRequest(id) { Revision = parse.GetValue(Revision), Quantization = parse.GetValue(Quantization) };
        ProfileResult result;
        if (id.StartsWith('.') || Path.IsPathRooted(id))
        {
            if (!Directory.Exists(id)) throw new CommandFailure(ExitCodes.NotFound, $"There is no folder {id}.");
            result = await ModelProfiler.ProfileFolderAsync(id, request with { Id = "local/" + Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(id))) }, cancellationToken);
        }
        else
        {
            using var profiler = new ModelProfiler(LocalMachineFactory.Models(DataDirectory.Locate(null), TimeProvider.System));
            result = await profiler.ProfileAsync(request, cancellationToken);
        }

        if (result is ProfileResult.Failed { Error: var error })
            throw new CommandFailure(error.Kind is ModelErrorKind.NotFound ? ExitCodes.NotFound : ExitCodes.Failed, error.Message);
        return ((ProfileResult.Read)result).Profile;
    }

    /// <summary>What running deployments have shown about speed.</summary>
    /// <exception cref="CommandFailure">The named cluster cannot be asked.</exception>
    public Task<LearnedSpeed> LearnedAsync(ParseResult parse, CancellationToken cancellationToken) =>
        KnownSpeed.ReadAsync(DataDirectory.Locate(null), parse.GetValue(Kubeconfig), parse.GetValue(Context), cancellationToken);

    /// <summary>What was asked.</summary>
    /// <exception cref="CommandFailure">An accelerator is in no row of the table, or no engine knows the type of cache.</exception>
    public ModelQuestion Question(ParseResult parse)
    {
        int? Said(Option<int> option) => parse.GetResult(option) is { Implicit: false } ? parse.GetValue(option) : null;
        var question = new ModelQuestion(parse.GetRequiredValue(Id))
        {
            Revision = parse.GetValue(Revision),
            Quantization = parse.GetValue(Quantization),
            PromptTokens = Said(Prompt),
            OutputTokens = Said(Output),
            Concurrency = parse.GetValue(Concurrency),
            Engine = parse.GetValue(Engine),
            Cache = KvCacheType.Find(parse.GetValue(Cache)!) ?? throw new CommandFailure(ExitCodes.Failed, $"No engine stores keys and values as '{parse.GetValue(Cache)}'. Try auto, fp8, q8_0 or q4_0."),
            Accelerators = [.. parse.GetValue(Gpus) ?? []],
        };
        return ModelAnswerer.UnknownAccelerator(question) is not { } unknown ? question
            : throw new CommandFailure(ExitCodes.NotFound, $"No accelerator '{unknown}' is known. Known are: {string.Join(", ", AcceleratorTable.Bundled.Rows.Select(static r => r.Device.Key))}.");
    }

    /// <summary>Runs a command; what cannot be done is said on standard error.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        using var interrupt = Interrupt.Link(cancellationToken);
        try
        {
            return await run(interrupt.Token);
        }
        catch (CommandFailure failure)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static Option<int> Positive(string name, string description, string help, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < 1 || value > most)) result.AddError($"{name} has to be between 1 and {most}");
        });
        return option;
    }
}

using Slipway.Models.Gguf;
using Slipway.Models.Hub;
using Slipway.Models.Profiles.Config;
using Slipway.Models.Safetensors;
using Slipway.Models.Store;

namespace Slipway.Models.Profiles.Reading;

/// <summary>Reads one model's profile from its files.</summary>
internal sealed class ProfileReading(IModelFiles files, ModelRequest request)
{
    private const int Parallel = 8;
    private const int MaxShards = 512;

    /// <summary>The profile, or why there is none.</summary>
    public async Task<HubAnswer<ModelProfile>> RunAsync(CancellationToken cancellationToken)
    {
        var answer = await files.ListAsync(cancellationToken);
        if (!answer.TryGet(out var listing, out var error)) return error;
        var byPath = new Dictionary<string, ModelFile>(StringComparer.Ordinal);
        foreach (var file in listing) byPath[file.Path] = file;
        var hasConfig = byPath.ContainsKey("config.json");
        var wantsGguf = request.Quantization is not null || request.File?.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) == true;
        if (byPath.Keys.Any(static p => p.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) && (!hasConfig || wantsGguf)) return await GgufAsync(byPath, cancellationToken);
        return hasConfig ? await ConfigAsync(byPath, cancellationToken) : new ModelError(
            ModelErrorKind.NotFound,
            $"{request.Id} in {files.Origin.Place} has neither a config.json nor a GGUF file, so nothing says what it is. "
            + (byPath.ContainsKey("params.json") ? "It is in Mistral's own format; use the repository's converted version." : "Is it an adapter, a dataset or a pipeline of several models?"));
    }

    private async Task<HubAnswer<ModelProfile>> GgufAsync(Dictionary<string, ModelFile> byPath, CancellationToken cancellationToken)
    {
        var choice = GgufSelection.Choose(byPath.Keys, request);
        if (choice is not GgufChoice.Chosen { Files: var chosen }) return Choices.Error(choice, request, $"in {files.Origin.Place}");
        var summaries = new List<GgufSummary>();
        foreach (var path in chosen)
        {
            var header = await HeaderReader.ReadGgufAsync(files, byPath[path], cancellationToken);
            if (!header.TryGet(out var summary, out var error)) return error;
            summaries.Add(summary);
        }

        var profile = GgufProfiles.Of(request.Id, summaries[0], chosen.Sum(p => byPath[p].Size), [.. summaries.Skip(1)]);
        if (profile is null)
            return new ModelError(ModelErrorKind.Corrupt, $"{chosen[0]} in {files.Origin.Place} states no layers, so it holds no language model. Is it a vision projector (mmproj) or an adapter?");
        return await DescribeAsync(profile, byPath, cancellationToken);
    }

    private async Task<HubAnswer<ModelProfile>> ConfigAsync(Dictionary<string, ModelFile> byPath, CancellationToken cancellationToken)
    {
        var config = await WholeAsync(byPath, "config.json", ConfigText.MaxBytes, cancellationToken);
        if (!config.TryGet(out var bytes, out var error)) return error;
        var modelOpt = await WholeAsync(byPath, "hf_quant_config.json", ConfigText.MaxBytes, cancellationToken);
        if (!modelOpt.TryGet(out var quantization, out error)) return error;
        var read = ConfigReader.Read(request.Id, bytes, quantization);
        if (read is not ConfigResult.Read { Profile: var profile }) return new ModelError(ModelErrorKind.Corrupt, ((ConfigResult.Unreadable)read).Message);
        var index = await WholeAsync(byPath, WeightFiles.IndexName, WeightIndex.MaxBytes, cancellationToken);
        if (!index.TryGet(out var json, out error)) return error;
        var weightIndex = json.Length > 0 ? WeightIndex.Parse(json) : null;
        var weights = WeightFiles.Choose(byPath.Keys, weightIndex);
        var weighed = await WeighAsync(profile, weights, weightIndex, byPath, cancellationToken);
        if (!weighed.TryGet(out profile, out error)) return error;
        if (weights.LeftOut.Count > 0)
        {
            profile = profile with
            {
                Notes = [.. profile.Notes, new(ProfileNoteKind.DuplicatesLeftOut,
                $"{weights.LeftOut.Count} weight files that an engine does not load are not counted ({string.Join(", ", weights.LeftOut.Take(3))}{(weights.LeftOut.Count > 3 ? ", …" : "")}).")]
            };
        }

        return await DescribeAsync(profile, byPath, cancellationToken);
    }

    private async Task<HubAnswer<ModelProfile>> WeighAsync(
        ModelProfile profile, WeightFiles weights, WeightIndex? index, Dictionary<string, ModelFile> byPath, CancellationToken cancellationToken)
    {
        var fileBytes = weights.Files.Sum(p => byPath[p].Size);
        if (weights.Format is WeightFormat.None)
            return With(profile, ProfileNoteKind.MissingFile, "The repository has no weights that are understood here; bytes are computed from the architecture.");
        if (weights.Format is not WeightFormat.Safetensors || weights.Files.Count > MaxShards)
        {
            // PyTorch's files have a few per cent of overhead at most; their sizes bound the weights from above.
            return With(profile with { Weights = profile.Weights with { Bytes = new Bounds((long)(fileBytes * 0.97), fileBytes), FileBytes = fileBytes, Source = WeightSource.FileSizes } },
                ProfileNoteKind.BoundedWeights, "The weights are in a format whose header cannot be read; bytes are those of the files.");
        }

        var tally = new TensorTally(profile);
        using var gate = new SemaphoreSlim(Parallel);
        var headers = await Task.WhenAll(weights.Files.Select(async path =>
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                return await HeaderReader.ReadSafetensorsAsync(files, byPath[path], cancellationToken);
            }
            finally
            {
                gate.Release();
            }
        }));
        foreach (var header in headers)
        {
            if (!header.TryGet(out var tensors, out var error)) return error.Kind is ModelErrorKind.Corrupt && index?.TotalBytes is { } total ? FromIndex(profile, total, fileBytes, error) : error;
            tally.Add(tensors);
        }

        return tally.Finish(fileBytes);
    }

    private static ModelProfile FromIndex(ModelProfile profile, long total, long fileBytes, ModelError error) => With(
        profile with { Weights = profile.Weights with { Bytes = new Bounds(Math.Min(total, fileBytes), Math.Max(total, fileBytes)), FileBytes = fileBytes, Source = WeightSource.SafetensorsIndex } },
        ProfileNoteKind.MissingFile, $"A header could not be read ({error.Message}); bytes are those that the index and the listing state.");

    private async Task<ModelProfile> DescribeAsync(ModelProfile profile, Dictionary<string, ModelFile> byPath, CancellationToken cancellationToken)
    {
        var tokenizer = await WholeAsync(byPath, "tokenizer_config.json", SmallFiles.MaxBytes, cancellationToken);
        var template = byPath.ContainsKey("chat_template.jinja") ? "chat_template.jinja" : "chat_template.json";
        var jinja = await WholeAsync(byPath, template, SmallFiles.MaxBytes, cancellationToken);
        var generation = await WholeAsync(byPath, "generation_config.json", SmallFiles.MaxBytes, cancellationToken);
        var readme = files.Origin.Licence is null && byPath.ContainsKey("README.md") ? (await files.ReadAsync("README.md", 0, 8192, cancellationToken)).Value ?? [] : [];
        var chat = SmallFiles.ChatTemplate(tokenizer.Value ?? [], jinja.Value ?? []);
        // A file that is there and was not read leaves its answer open.
        var open = tokenizer.Error is not null || jinja.Error is not null;
        return profile with
        {
            Identity = profile.Identity with { Revision = files.Origin.Revision },
            Serving = profile.Serving with
            {
                HasChatTemplate = profile.Serving.HasChatTemplate == true || chat.Has ? true : open ? null : false,
                CallsTools = profile.Serving.CallsTools ?? chat.Tools,
                Licence = files.Origin.Licence ?? SmallFiles.Licence(readme) ?? profile.Serving.Licence,
                Gated = files.Origin.Gated,
                SuggestedOutputTokens = SmallFiles.SuggestedOutput(generation.Value ?? []),
            },
        };
    }

    /// <summary>A small file, whole; empty when there is none or it is too long.</summary>
    private async Task<HubAnswer<byte[]>> WholeAsync(Dictionary<string, ModelFile> byPath, string path, int limit, CancellationToken cancellationToken) =>
        byPath.TryGetValue(path, out var file) && file.Size is > 0 && file.Size <= limit ? await files.ReadAsync(path, 0, (int)file.Size, cancellationToken) : Array.Empty<byte>();

    private static ModelProfile With(ModelProfile profile, ProfileNoteKind kind, string message) => profile with { Notes = [.. profile.Notes, new(kind, message)] };
}

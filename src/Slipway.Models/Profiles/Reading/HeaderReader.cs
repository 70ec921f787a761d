using Slipway.Models.Gguf;
using Slipway.Models.Hub;
using Slipway.Models.Safetensors;
using Slipway.Models.Store;

namespace Slipway.Models.Profiles.Reading;

/// <summary>Reads the headers of weight files, and as little else of them as can be.</summary>
internal static class HeaderReader
{
    // Most headers fit: one request a file. The rest say their length in the first eight bytes.
    private const int FirstSafetensorsBytes = 64 * 1024;
    private const int FirstGgufBytes = 1 << 20;
    private const int MaxGgufBytes = 128 << 20;

    /// <summary>The tensors of a safetensors file.</summary>
    public static async Task<HubAnswer<IReadOnlyList<TensorEntry>>> ReadSafetensorsAsync(IModelFiles files, ModelFile file, CancellationToken cancellationToken)
    {
        var answer = await files.ReadAsync(file.Path, 0, (int)Math.Min(FirstSafetensorsBytes, file.Size), cancellationToken);
        for (var round = 0; ; round++)
        {
            if (!answer.TryGet(out var prefix, out var error)) return error;
            switch (SafetensorsHeader.Read(prefix, file.Size))
            {
                case SafetensorsResult.Sound { Tensors: var tensors }:
                    return new HubAnswer<IReadOnlyList<TensorEntry>>(tensors, null);
                case SafetensorsResult.NeedsMore { Length: var length } when round < 2:
                    answer = await files.ReadAsync(file.Path, 0, length, cancellationToken);
                    break;
                case var result:
                    var message = result is SafetensorsResult.Unsound { Message: var found } ? found : "The file ends before its header does.";
                    return new ModelError(ModelErrorKind.Corrupt, $"{file.Path} in {files.Origin.Place}: {message} Replace the file, or pin another revision.");
            }
        }
    }

    /// <summary>The summary of a GGUF file.</summary>
    public static async Task<HubAnswer<GgufSummary>> ReadGgufAsync(IModelFiles files, ModelFile file, CancellationToken cancellationToken)
    {
        for (long length = FirstGgufBytes; ; length *= 2)
        {
            var answer = await files.ReadAsync(file.Path, 0, (int)Math.Min(length, file.Size), cancellationToken);
            if (!answer.TryGet(out var prefix, out var error)) return error;
            switch (GgufReader.ReadPrefix(prefix, file.Size))
            {
                case GgufResult.Sound { Summary: var summary }:
                    return summary;
                case GgufResult.Unsound { Fault: var fault, Message: var message }:
                    return new ModelError(
                        fault == GgufFault.Truncated ? ModelErrorKind.Truncated : ModelErrorKind.Corrupt,
                        $"{file.Path} in {files.Origin.Place} is not a usable GGUF file. {message} Replace the file, or pin another revision.");
                default:
                    if (length < file.Size && length < MaxGgufBytes && prefix.Length == Math.Min(length, file.Size)) continue;
                    return new ModelError(ModelErrorKind.Corrupt, $"{file.Path} in {files.Origin.Place}: the header does not end within {prefix.Length} bytes. Choose another file.");
            }
        }
    }
}

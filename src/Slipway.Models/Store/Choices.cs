namespace Slipway.Models.Store;

/// <summary>Says in words why no file was chosen.</summary>
internal static class Choices
{
    public static ModelError Error(GgufChoice choice, ModelRequest request, string where) => choice switch
    {
        GgufChoice.None => new ModelError(
            ModelErrorKind.NoGgufFile,
            $"{request.Id} has no GGUF file {where}, and llama.cpp reads nothing else. Look for a repository of the same model whose name ends in -GGUF."),
        GgufChoice.NoMatch { Available: var names } when request.File is { } file => new ModelError(
            ModelErrorKind.NotFound,
            $"{request.Id} has no file '{file}' {where}. There are: {string.Join(", ", names)}."),
        GgufChoice.NoMatch { Available: var names } => new ModelError(
            ModelErrorKind.QuantizationNotFound,
            $"{request.Id} has no quantisation '{request.Quantization}' {where}. There are: {string.Join(", ", names)}."),
        GgufChoice.Incomplete { Found: var found, Total: var total } => new ModelError(
            ModelErrorKind.Truncated,
            $"{request.Id} is split over {total} files, but only {found} are there {where}."),
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "A chosen file is no error."),
    };
}

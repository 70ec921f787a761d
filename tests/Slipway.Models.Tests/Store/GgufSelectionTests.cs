using Slipway.Models.Store;

namespace Slipway.Models.Tests.Store;

public sealed class GgufSelectionTests
{
    private static readonly string[] s_files =
    [
        "README.md", "config.json", "mmproj-model-f16.gguf", "imatrix.gguf", "Model-7B-Q8_0.gguf", "Model-7B-Q4_K_M.gguf", "Model-7B-UD-IQ2_XXS.gguf",
        "BF16/Model-7B-BF16-00001-of-00002.gguf", "BF16/Model-7B-BF16-00002-of-00002.gguf",
    ];

    [Theory]
    [InlineData(null, "Model-7B-Q4_K_M.gguf")]
    [InlineData("q8_0", "Model-7B-Q8_0.gguf")]
    [InlineData("UD-IQ2_XXS", "Model-7B-UD-IQ2_XXS.gguf")]
    [InlineData("bf16", "BF16/Model-7B-BF16-00001-of-00002.gguf")]
    public void The_quantisation_decides(string? quantization, string first) =>
        Assert.Equal(first, Chosen(new ModelRequest("a/b") { Quantization = quantization })[0]);

    [Fact]
    public void A_split_model_is_all_its_parts() => Assert.Equal(2, Chosen(new ModelRequest("a/b") { Quantization = "BF16" }).Count);

    [Fact]
    public void A_missing_part_is_noticed() =>
        Assert.Equal(new GgufChoice.Incomplete(1, 2), GgufSelection.Choose(s_files[..^1], new ModelRequest("a/b") { Quantization = "BF16" }));

    [Fact]
    public void An_exact_file_wins() => Assert.Equal(["Model-7B-Q8_0.gguf"], Chosen(new ModelRequest("a/b") { File = "Model-7B-Q8_0.gguf", Quantization = "Q4_K_M" }));

    [Fact]
    public void What_exists_is_listed_when_nothing_fits() =>
        Assert.Equal(["BF16", "Q4_K_M", "Q8_0", "UD-IQ2_XXS"], Assert.IsType<GgufChoice.NoMatch>(GgufSelection.Choose(s_files, new ModelRequest("a/b") { Quantization = "Q5_K_M" })).Available);

    [Fact]
    public void Projectors_alone_are_no_model() => Assert.IsType<GgufChoice.None>(GgufSelection.Choose(["mmproj-x.gguf", "model.safetensors"], new ModelRequest("a/b")));

    [Theory]
    [InlineData("tiny-chat.Q8_0.gguf", "Q8_0")]
    [InlineData("llama-3.2-1b-instruct-q4_k_m.gguf", "Q4_K_M")]
    [InlineData("model-f16-Q5_K_S.gguf", "Q5_K_S")]
    [InlineData("gpt-oss-20b-mxfp4.gguf", "MXFP4")]
    [InlineData("qwen2-IQ4_NL.gguf", "IQ4_NL")]
    [InlineData("model.gguf", null)]
    [InlineData("Q400.gguf", null)]
    public void A_name_tells_its_quantisation(string file, string? quantization) => Assert.Equal(quantization, GgufSelection.QuantizationOf(file));

    private static IReadOnlyList<string> Chosen(ModelRequest request) => Assert.IsType<GgufChoice.Chosen>(GgufSelection.Choose(s_files, request)).Files;
}

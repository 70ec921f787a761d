namespace Slipway.Testing.Gguf;

/// <summary>A llama model of random weights that a real engine loads: two layers, 32 wide, one token a byte. It talks nonsense, fast.</summary>
public static class RandomModel
{
    private const int Width = 32;
    private const int Inner = 64;
    private const int Layers = 2;
    private const uint Heads = 4;

    /// <summary>The file's bytes; the same seed gives the same bytes.</summary>
    public static byte[] Bytes(int seed = 1, uint contextLength = 256)
    {
        // "llama" is the SentencePiece tokenizer: 3 special tokens, then one for each byte, as it falls back to bytes.
        var tokens = new List<string> { "<unk>", "<s>", "</s>" };
        var types = new List<int> { 2, 3, 3 }; // unknown, control, control
        for (var b = 0; b < 256; b++)
        {
            tokens.Add($"<0x{b:X2}>");
            types.Add(6); // byte
        }

        // A byte beyond ASCII cannot be a word piece of its own, but llama.cpp wants at least one newline-like normal token.
        tokens.Add("▁");
        types.Add(1);
        var vocabulary = (ulong)tokens.Count;
        var random = new Random(seed);
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 0.4))];
        float[] Ones() => [.. Enumerable.Repeat(1f, Width)];

        var writer = new GgufWriter()
            .Text("general.architecture", "llama")
            .Text("general.name", "random")
            .Number("general.file_type", 0)
            .Number("llama.vocab_size", (uint)vocabulary)
            .Number("llama.context_length", contextLength)
            .Number("llama.embedding_length", Width)
            .Number("llama.block_count", Layers)
            .Number("llama.feed_forward_length", Inner)
            .Number("llama.rope.dimension_count", Width / Heads)
            .Number("llama.attention.head_count", Heads)
            .Number("llama.attention.head_count_kv", Heads)
            .Real("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Text("tokenizer.ggml.model", "llama")
            .Texts("tokenizer.ggml.tokens", tokens)
            .Reals("tokenizer.ggml.scores", [.. tokens.Select(static _ => 0f)])
            .Numbers("tokenizer.ggml.token_type", types)
            .Number("tokenizer.ggml.bos_token_id", 1)
            .Number("tokenizer.ggml.eos_token_id", 2)
            .Number("tokenizer.ggml.unknown_token_id", 0)
            .Text("tokenizer.chat_template", "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:")
            .Tensor("token_embd.weight", Weights(Width * (int)vocabulary), Width, vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            writer.Tensor($"blk.{layer}.attn_norm.weight", Ones(), Width);
            foreach (var part in new[] { "q", "k", "v", "output" }) writer.Tensor($"blk.{layer}.attn_{part}.weight", Weights(Width * Width), Width, Width);
            writer.Tensor($"blk.{layer}.ffn_norm.weight", Ones(), Width)
                .Tensor($"blk.{layer}.ffn_gate.weight", Weights(Width * Inner), Width, Inner)
                .Tensor($"blk.{layer}.ffn_up.weight", Weights(Width * Inner), Width, Inner)
                .Tensor($"blk.{layer}.ffn_down.weight", Weights(Inner * Width), Inner, Width);
        }

        return writer.Tensor("output_norm.weight", Ones(), Width)
            .Tensor("output.weight", Weights(Width * (int)vocabulary), Width, vocabulary)
            .ToArray();
    }
}

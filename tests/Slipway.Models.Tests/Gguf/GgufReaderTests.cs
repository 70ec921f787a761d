using CsCheck;
using Slipway.Models.Gguf;
using Slipway.Testing.Gguf;

namespace Slipway.Models.Tests.Gguf;

public sealed class GgufReaderTests
{
    private static readonly byte[] s_model = RandomModel.Bytes();

    [Fact]
    public void A_header_is_summarised()
    {
        var summary = Assert.IsType<GgufResult.Sound>(Read(s_model)).Summary;

        Assert.Equal(("llama", "random", "F32", 3u), (summary.Architecture, summary.Name, summary.Quantization, summary.Version));
        Assert.Equal((256L, 32L, 2L, 4L, 4L), (summary.ContextLength, summary.EmbeddingLength, summary.BlockCount, summary.HeadCount, summary.HeadCountKv));
        Assert.Equal((260L, true, 21L), (summary.VocabularySize, summary.HasChatTemplate, summary.TensorCount));
        // Two embeddings, the last norm, and for each layer two norms, four square matrices and three of the feed-forward part.
        var parameters = (2 * 32 * 260) + 32 + (2 * ((2 * 32) + (4 * 32 * 32) + (3 * 32 * 64)));
        Assert.Equal((parameters, parameters * 4L), (summary.ParameterCount, summary.TensorBytes));
    }

    [Theory]
    [InlineData("", GgufFault.Truncated)]
    [InlineData("GGU", GgufFault.NotGguf)]
    [InlineData("<html>not found</html>", GgufFault.NotGguf)]
    [InlineData("GGUF", GgufFault.Truncated)]
    [InlineData("GGUF\u0001\0\0\0", GgufFault.UnsupportedVersion)]
    [InlineData("GGUF\0\0\0\u0003", GgufFault.UnsupportedVersion)]
    public void What_is_no_model_is_named(string content, GgufFault fault) =>
        Assert.Equal(fault, Assert.IsType<GgufResult.Unsound>(Read(System.Text.Encoding.Latin1.GetBytes(content))).Fault);

    [Fact]
    public void Every_cut_is_noticed()
    {
        // The last tensor's padding may be missing, and no more than that: 32-byte rows end without any here.
        for (var length = 0; length < s_model.Length; length += 37)
        {
            var unsound = Assert.IsType<GgufResult.Unsound>(Read(s_model[..length]));
            Assert.True(unsound.Fault is GgufFault.Truncated || length is > 0 and < 4, $"{length}: {unsound.Message}");
        }
    }

    [Fact]
    public void A_truncated_file_tells_how_long_it_should_be()
    {
        var unsound = Assert.IsType<GgufResult.Unsound>(Read(s_model[..^1]));

        Assert.Contains($"has {s_model.Length - 1} bytes, but its tensors need {s_model.Length}", unsound.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_never_crashes_hangs_or_buys_memory()
    {
        // Most of the file is tensor data, which a header reader never sees: damage goes where it can hurt.
        const int Header = 8000;
        Gen.Select(Gen.Int[0, Header], Gen.Byte).Array[1, 12].Sample(
            changes =>
            {
                var damaged = (byte[])s_model.Clone();
                foreach (var (at, value) in changes) damaged[at] = value;
                AssertBounded(damaged);
            },
            iter: 3000);
    }

    [Fact]
    public void Absurd_lengths_never_crash_hang_or_buy_memory()
    {
        var lengths = Gen.OneOf(Gen.ULong, Gen.ULong[0, 100_000], Gen.Const(ulong.MaxValue), Gen.Const((ulong)long.MaxValue), Gen.Const(1UL << 32));
        Gen.Select(Gen.Int[8, 8000], lengths).Array[1, 3].Sample(
            changes =>
            {
                var damaged = (byte[])s_model.Clone();
                foreach (var (at, value) in changes) BitConverter.TryWriteBytes(damaged.AsSpan(at), value);
                AssertBounded(damaged);
            },
            iter: 3000);
    }

    [Fact]
    public void Random_bytes_after_the_magic_never_crash() => Gen.Byte.Array[0, 600].Sample(static bytes => AssertBounded([.. "GGUF\u0003\0\0\0"u8, .. bytes]), iter: 3000);

    private static void AssertBounded(byte[] content)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(content);
        // The reader's buffer is 64 kB; kept texts are short, and there are not many.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static GgufResult Read(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return GgufReader.Read(stream);
    }
}

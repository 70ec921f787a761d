using System.Text;
using CsCheck;
using Slipway.Models.Safetensors;
using Slipway.Models.Tests.Profiles;
using Files = Slipway.Testing.Safetensors;

namespace Slipway.Models.Tests.Safetensors;

public sealed class SafetensorsHeaderTests
{
    private static readonly byte[] s_file = Files.File(("a.weight", "BF16", [4, 8]), ("b.weight", "F8_E4M3", [16]), ("c.scale", "F32", []));

    [Fact]
    public void A_header_tells_every_tensor()
    {
        var tensors = Assert.IsType<SafetensorsResult.Sound>(SafetensorsHeader.Read(s_file, s_file.Length)).Tensors;

        Assert.Equal([new("a.weight", "BF16", 32, 64), new("b.weight", "F8_E4M3", 16, 16), new("c.scale", "F32", 1, 4)], tensors);
    }

    [Fact]
    public void A_prefix_says_how_much_is_needed()
    {
        Assert.Equal(8, Assert.IsType<SafetensorsResult.NeedsMore>(SafetensorsHeader.Read(s_file.AsSpan(0, 3), s_file.Length)).Length);
        var needed = Assert.IsType<SafetensorsResult.NeedsMore>(SafetensorsHeader.Read(s_file.AsSpan(0, 40), s_file.Length)).Length;

        Assert.IsType<SafetensorsResult.NeedsMore>(SafetensorsHeader.Read(s_file.AsSpan(0, needed - 1), s_file.Length));
        Assert.IsType<SafetensorsResult.Sound>(SafetensorsHeader.Read(s_file.AsSpan(0, needed), s_file.Length));
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer")]
    [InlineData("<html>refused</html>", "no safetensors")]
    [InlineData("", "at least 8")]
    public void What_is_no_weight_file_is_named(string content, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(content);

        Assert.Contains(part, Assert.IsType<SafetensorsResult.Unsound>(SafetensorsHeader.Read(bytes, bytes.Length)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,9]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[400],"data_offsets":[0,800]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[-4],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[9000000000,9000000000],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[4]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"a":""")]
    public void Contradictions_are_refused(string json)
    {
        byte[] file = [.. BitConverter.GetBytes((ulong)json.Length), .. Encoding.UTF8.GetBytes(json), .. new byte[64]];

        Assert.IsType<SafetensorsResult.Unsound>(SafetensorsHeader.Read(file, file.Length));
    }

    [Fact]
    public void Damage_never_crashes_hangs_or_buys_memory() => Gen.Select(Gen.Int[0, s_file.Length - 1], Gen.Byte).Array[1, 10].Sample(
        static changes =>
        {
            var damaged = (byte[])s_file.Clone();
            foreach (var (at, value) in changes) damaged[at] = value;
            var before = GC.GetAllocatedBytesForCurrentThread();
            SafetensorsHeader.Read(damaged, damaged.Length);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
        },
        iter: 5000);

    [Fact]
    public void An_index_that_is_none_is_none()
    {
        Gen.Byte.Array[0, 300].Sample(static bytes => WeightIndex.Parse(bytes) is null or { Files.Count: > 0 }, iter: 3000);
        Assert.Null(WeightIndex.Parse("""{"weight_map":{}}"""u8));
        Assert.Null(WeightIndex.Parse("""{"weight_map":{"a":7}}"""u8));
        Assert.Equal(["x", "y"], WeightIndex.Parse("""{"other":[1,{}],"weight_map":{"a":"y","b":"x","c":"x"},"metadata":{"total_size":1e3}}"""u8)!.Files);
    }

    [Theory]
    [InlineData("gptq", 4, "I32", "qweight", 8)]
    [InlineData("awq", 4, "I32", "qweight", 8)]
    [InlineData("mxfp4", 4, "U8", "down_proj_blocks", 2)]
    [InlineData("compressed-tensors", 4, "I32", "weight_packed", 8)]
    [InlineData("bitsandbytes", 4, "U8", "weight", 2)]
    public void Packed_weights_are_counted_one_by_one(string method, int bits, string type, string name, int each)
    {
        var config = TrapTests.Read($$"""{"model_type":"llama","num_hidden_layers":1,"hidden_size":64,"num_attention_heads":4,"vocab_size":10,"quantization_config":{"quant_method":"{{method}}","bits":{{bits}},"load_in_4bit":true,"config_groups":{"group_0":{"weights":{"num_bits":4} } } } }""");
        var tally = new TensorTally(config);
        tally.Add([new($"model.layers.0.mlp.{name}", type, 100, 400), new("model.layers.0.mlp.scales", "F16", 50, 100), new("model.norm.weight", "BF16", 64, 128)]);

        var profile = tally.Finish(628);
        Assert.Equal(((100L * each) + 64, 628), (profile.Parameters.Total.High, profile.Weights.Bytes.High));
    }
}

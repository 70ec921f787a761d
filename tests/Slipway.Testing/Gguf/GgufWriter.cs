using System.Text;

namespace Slipway.Testing.Gguf;

/// <summary>Writes small GGUF files (version 3).</summary>
/// <remarks>The format: <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/>.</remarks>
public sealed class GgufWriter
{
    private const int Alignment = 32;

    private readonly List<(string Key, uint Type, Action<BinaryWriter> Value)> _metadata = [];
    private readonly List<(string Name, ulong[] Dimensions, float[] Values)> _tensors = [];

    public GgufWriter Text(string key, string value) => Add(key, 8, w => WriteText(w, value));

    public GgufWriter Number(string key, uint value) => Add(key, 4, w => w.Write(value));

    public GgufWriter Real(string key, float value) => Add(key, 6, w => w.Write(value));

    public GgufWriter Flag(string key, bool value) => Add(key, 7, w => w.Write(value));

    public GgufWriter Texts(string key, IReadOnlyList<string> values) => Add(key, 9, w =>
    {
        w.Write(8u);
        w.Write((ulong)values.Count);
        foreach (var value in values) WriteText(w, value);
    });

    public GgufWriter Reals(string key, IReadOnlyList<float> values) => Add(key, 9, w =>
    {
        w.Write(6u);
        w.Write((ulong)values.Count);
        foreach (var value in values) w.Write(value);
    });

    public GgufWriter Numbers(string key, IReadOnlyList<int> values) => Add(key, 9, w =>
    {
        w.Write(5u);
        w.Write((ulong)values.Count);
        foreach (var value in values) w.Write(value);
    });

    /// <summary>Adds a tensor of 32-bit floats; the first dimension is the row's length.</summary>
    public GgufWriter Tensor(string name, float[] values, params ulong[] dimensions)
    {
        _tensors.Add((name, dimensions, values));
        return this;
    }

    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        using var w = new BinaryWriter(stream);
        w.Write(0x46554747u);
        w.Write(3u);
        w.Write((ulong)_tensors.Count);
        w.Write((ulong)_metadata.Count);
        foreach (var (key, type, value) in _metadata)
        {
            WriteText(w, key);
            w.Write(type);
            value(w);
        }

        var offset = 0UL;
        foreach (var (name, dimensions, values) in _tensors)
        {
            WriteText(w, name);
            w.Write((uint)dimensions.Length);
            foreach (var dimension in dimensions) w.Write(dimension);
            w.Write(0u); // F32
            w.Write(offset);
            offset += (ulong)(values.Length * sizeof(float) + Alignment - 1) / Alignment * Alignment;
        }

        foreach (var (_, _, values) in _tensors)
        {
            Pad(w);
            foreach (var value in values) w.Write(value);
        }

        Pad(w);
        return stream.ToArray();
    }

    private static void Pad(BinaryWriter w)
    {
        while (w.BaseStream.Position % Alignment != 0) w.Write((byte)0);
    }

    private static void WriteText(BinaryWriter w, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        w.Write((ulong)bytes.Length);
        w.Write(bytes);
    }

    private GgufWriter Add(string key, uint type, Action<BinaryWriter> value)
    {
        _metadata.Add((key, type, value));
        return this;
    }
}

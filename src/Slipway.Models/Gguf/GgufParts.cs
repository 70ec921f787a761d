namespace Slipway.Models.Gguf;

/// <summary>The tensors of a GGUF file, added up by type and by part of the model.</summary>
public sealed record GgufParts
{
    /// <summary>Elements and bytes by type, as in <c>Q4_K</c>.</summary>
    public IReadOnlyDictionary<string, (long Elements, long Bytes)> Types { get; init; } = new Dictionary<string, (long, long)>(StringComparer.Ordinal);

    /// <summary>Elements and bytes of the input embedding table.</summary>
    public (long Elements, long Bytes) Embedding { get; init; }

    /// <summary>Elements and bytes of an output layer of its own; nothing with tied embeddings.</summary>
    public (long Elements, long Bytes) Output { get; init; }

    /// <summary>Elements and bytes of routed experts.</summary>
    public (long Elements, long Bytes) Experts { get; init; }

    /// <summary>Whether some tensor has a type that is not known here, so that bytes are missing.</summary>
    public bool HasUnknownType { get; init; }
}

/// <summary>Adds tensors up while a header is read.</summary>
internal sealed class GgufTally
{
    private readonly Dictionary<string, (long Elements, long Bytes)> _types = new(StringComparer.Ordinal);
    private (long Elements, long Bytes) _embedding;
    private (long Elements, long Bytes) _output;
    private (long Elements, long Bytes) _experts;
    private bool _unknown;

    public void Add(string name, uint type, long elements, long bytes)
    {
        _unknown |= GgufTypes.Block(type) is null;
        var key = GgufTypes.TensorType(type);
        _types[key] = Plus(_types.GetValueOrDefault(key), elements, bytes);
        // The names are llama.cpp's own for every architecture (gguf-py's constants).
        if (name == "token_embd.weight") _embedding = Plus(_embedding, elements, bytes);
        else if (name == "output.weight") _output = Plus(_output, elements, bytes);
        else if (name.Contains("_exps.", StringComparison.Ordinal)) _experts = Plus(_experts, elements, bytes);
    }

    public GgufParts Finish() => new() { Types = _types, Embedding = _embedding, Output = _output, Experts = _experts, HasUnknownType = _unknown };

    private static (long, long) Plus((long Elements, long Bytes) a, long elements, long bytes) => (Sum(a.Elements, elements), Sum(a.Bytes, bytes));

    private static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}

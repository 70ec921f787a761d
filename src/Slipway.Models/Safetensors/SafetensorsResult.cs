namespace Slipway.Models.Safetensors;

/// <summary>Outcome of reading a safetensors header.</summary>
public abstract record SafetensorsResult
{
    private SafetensorsResult()
    {
    }

    /// <summary>The header is sound.</summary>
    /// <param name="Tensors">Its tensors, in the file's order.</param>
    public sealed record Sound(IReadOnlyList<TensorEntry> Tensors) : SafetensorsResult;

    /// <summary>More bytes are needed than were given.</summary>
    /// <param name="Length">Bytes from the file's start that hold the whole header.</param>
    public sealed record NeedsMore(int Length) : SafetensorsResult;

    /// <summary>The file cannot be used.</summary>
    /// <param name="Message">What was found, in words.</param>
    public sealed record Unsound(string Message) : SafetensorsResult;
}

/// <summary>One tensor of a weight file.</summary>
/// <param name="Name">Its name, as in <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Type">Its type as the file writes it, as in <c>BF16</c>.</param>
/// <param name="Elements">Number of stored elements.</param>
/// <param name="Bytes">Number of bytes.</param>
public sealed record TensorEntry(string Name, string Type, long Elements, long Bytes);

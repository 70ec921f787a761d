namespace Slipway.Models.Profiles;

/// <summary>What one layer keeps of a sequence between two tokens.</summary>
/// <remarks>Two layers of the same values are equal; profiles share one instance among alike layers.</remarks>
public abstract record LayerMemory
{
    private LayerMemory()
    {
    }

    /// <summary>Elements of cache that every further token adds, for as long as the sequence grows; 0 for layers that keep a bounded amount.</summary>
    public virtual long ElementsPerToken => 0;

    /// <summary>Elements of cache a token while it is inside the layer's window; 0 for layers without a window.</summary>
    public virtual long WindowElementsPerToken => 0;

    /// <summary>Bytes of recurrent state a sequence, whatever its length.</summary>
    public virtual long StateBytes => 0;

    /// <summary>The same with every element in 32 bits, as llama.cpp keeps it.</summary>
    public virtual long StateBytesAt32 => 0;

    /// <summary>Keys and values of every earlier token.</summary>
    /// <param name="KvHeads">Key-value heads of this layer.</param>
    /// <param name="KeyDim">Elements of a head's key.</param>
    /// <param name="ValueDim">Elements of a head's value.</param>
    public sealed record Full(int KvHeads, int KeyDim, int ValueDim) : LayerMemory
    {
        /// <inheritdoc/>
        public override long ElementsPerToken => (long)KvHeads * (KeyDim + ValueDim);
    }

    /// <summary>Keys and values of the last <paramref name="Window"/> tokens.</summary>
    /// <param name="KvHeads">Key-value heads of this layer.</param>
    /// <param name="KeyDim">Elements of a head's key.</param>
    /// <param name="ValueDim">Elements of a head's value.</param>
    /// <param name="Window">Tokens that the layer sees.</param>
    public sealed record Sliding(int KvHeads, int KeyDim, int ValueDim, int Window) : LayerMemory
    {
        /// <inheritdoc/>
        public override long WindowElementsPerToken => (long)KvHeads * (KeyDim + ValueDim);
    }

    /// <summary>Keys and values of the current chunk of <paramref name="Chunk"/> tokens (Llama 4's local layers).</summary>
    /// <param name="KvHeads">Key-value heads of this layer.</param>
    /// <param name="KeyDim">Elements of a head's key.</param>
    /// <param name="ValueDim">Elements of a head's value.</param>
    /// <param name="Chunk">Tokens of a chunk.</param>
    public sealed record Chunked(int KvHeads, int KeyDim, int ValueDim, int Chunk) : LayerMemory
    {
        /// <inheritdoc/>
        public override long WindowElementsPerToken => (long)KvHeads * (KeyDim + ValueDim);
    }

    /// <summary>One compressed vector for all heads (multi-head latent attention, DeepSeek-V2, <see href="https://arxiv.org/abs/2405.04434"/> §2.1).</summary>
    /// <param name="Rank"><c>kv_lora_rank</c>.</param>
    /// <param name="RopeDim"><c>qk_rope_head_dim</c>: the part of the key that carries the position.</param>
    /// <param name="IndexDim">Elements of the sparse-attention indexer's key (<c>index_head_dim</c>), kept at one byte each; 0 without an indexer.</param>
    public sealed record Latent(int Rank, int RopeDim, int IndexDim = 0) : LayerMemory
    {
        /// <inheritdoc/>
        public override long ElementsPerToken => Rank + RopeDim;
    }

    /// <summary>A state of fixed size: Mamba, gated delta net, linear attention, short convolution.</summary>
    /// <param name="StateElements">Elements of the recurrent state of a sequence.</param>
    /// <param name="StateWidth">Bytes of one of them, as the model asks for.</param>
    /// <param name="ConvolutionElements">Last inputs of the short convolution, two bytes each.</param>
    public sealed record Recurrent(long StateElements, int StateWidth, long ConvolutionElements) : LayerMemory
    {
        /// <inheritdoc/>
        public override long StateBytes => (StateElements * StateWidth) + (ConvolutionElements * 2);

        /// <inheritdoc/>
        public override long StateBytesAt32 => (StateElements + ConvolutionElements) * 4;
    }

    /// <summary>Attention and a recurrent state side by side in one layer (Falcon-H1).</summary>
    /// <param name="Attention">The attention half.</param>
    /// <param name="State">The recurrent half.</param>
    public sealed record Parallel(Full Attention, Recurrent State) : LayerMemory
    {
        /// <inheritdoc/>
        public override long ElementsPerToken => Attention.ElementsPerToken;

        /// <inheritdoc/>
        public override long StateBytes => State.StateBytes;

        /// <inheritdoc/>
        public override long StateBytesAt32 => State.StateBytesAt32;
    }

    /// <summary>Nothing: a feed-forward layer, a layer that reads an earlier layer's cache, or an encoder's layer.</summary>
    public sealed record None : LayerMemory
    {
        /// <summary>The only one that is needed.</summary>
        public static None Instance { get; } = new();
    }
}

using Slipway.Models.Profiles;

namespace Slipway.Models.Safetensors;

/// <summary>Adds the tensors of a model's files up, by stored type and by part.</summary>
/// <remarks>A tensor that two files hold under one name is counted once.</remarks>
public sealed class TensorTally
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypeShare> _types = new(StringComparer.Ordinal);
    private readonly long[] _bytes = new long[6];
    private readonly double[] _weights = new double[6];
    private readonly ModelProfile _profile;

    /// <summary>Starts a tally.</summary>
    /// <param name="profile">The profile from config.json: it tells the number of layers, whether the output layer is tied, and how weights are packed.</param>
    public TensorTally(ModelProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
    }

    /// <summary>Adds a file's tensors.</summary>
    public void Add(IEnumerable<TensorEntry> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var tensor in tensors)
        {
            if (!_seen.Add(tensor.Name)) continue;
            var part = (int)TensorRole.Part(tensor.Name, _profile.Shape.Layers);
            // A tied output layer that was saved as well is thrown away by the engines: the embedding table serves.
            if (part == (int)TensorPart.Output && _profile.Shape.TiedEmbeddings == true) continue;
            _bytes[part] += tensor.Bytes;
            if (!TensorRole.IsHelper(tensor.Name)) _weights[part] += Weights(tensor);
            if (part == (int)TensorPart.Draft) continue;
            var share = _types.GetValueOrDefault(tensor.Type) ?? new TypeShare(tensor.Type, 0, 0);
            _types[tensor.Type] = share with { Elements = share.Elements + tensor.Elements, Bytes = share.Bytes + tensor.Bytes };
        }
    }

    /// <summary>The profile with exact counts and bytes.</summary>
    /// <param name="fileBytes">Bytes of the files.</param>
    public ModelProfile Finish(long fileBytes)
    {
        var bytes = _bytes.Sum() - Bytes(TensorPart.Draft);
        var total = (long)(_weights.Sum() - Weights(TensorPart.Draft));
        var experts = (long)Weights(TensorPart.RoutedExpert);
        var idle = _profile.Experts is { Total: > 0 } e ? (long)(experts * (1 - ((double)e.ActivePerToken / e.Total))) : 0;
        return _profile with
        {
            Parameters = new ParameterProfile
            {
                Total = Bounds.Exactly(total),
                Active = Bounds.Exactly(total - idle),
                Embedding = (long)Weights(TensorPart.Embedding),
                OutputLayer = (long)Weights(TensorPart.Output),
                RoutedExperts = experts,
                Encoders = (long)Weights(TensorPart.Encoder),
                Draft = (long)Weights(TensorPart.Draft),
                Source = ParameterSource.WeightFiles,
            },
            Weights = _profile.Weights with
            {
                Bytes = Bounds.Exactly(bytes),
                EmbeddingBytes = Bytes(TensorPart.Embedding),
                OutputLayerBytes = Bytes(TensorPart.Output),
                RoutedExpertBytes = Bytes(TensorPart.RoutedExpert),
                EncoderBytes = Bytes(TensorPart.Encoder),
                DraftBytes = Bytes(TensorPart.Draft),
                FileBytes = fileBytes,
                Types = [.. _types.Values.OrderByDescending(static t => t.Bytes)],
                Source = WeightSource.SafetensorsHeaders,
            },
            Encoders = [.. _profile.Encoders.Select(t => _profile.Encoders.Count == 1 ? t with { Parameters = (long)Weights(TensorPart.Encoder) } : t)],
            Notes = Notes(),
        };
    }

    private List<ProfileNote> Notes()
    {
        var notes = _profile.Notes.Where(static n => n.Kind is not (ProfileNoteKind.BoundedWeights or ProfileNoteKind.UnknownArchitecture)).ToList();
        if (Bytes(TensorPart.Draft) is > 0 and var draft)
            notes.Add(new(ProfileNoteKind.DraftLeftOut, $"Tensors of a draft layer for multi-token prediction ({draft} bytes) are not counted: engines load them only for speculative decoding."));
        return notes;
    }

    /// <summary>Weights in a tensor: a container of bits holds several packed ones.</summary>
    private double Weights(TensorEntry tensor)
    {
        if (!StoredTypes.IsContainer(tensor.Type) || !_profile.Weights.Quantization.IsQuantized) return tensor.Elements;
        var bits = _profile.Weights.Quantization.BitsPerWeight is { } b ? (int)Math.Floor(b)
            // A mixed checkpoint states no one width; what NVIDIA's tool packs into bytes is two 4-bit numbers each.
            : _profile.Weights.Quantization.Method is "modelopt" ? 4
            : StoredTypes.Bits(tensor.Type)!.Value;
        return (double)tensor.Elements * StoredTypes.Bits(tensor.Type)!.Value / Math.Max(1, bits);
    }

    private long Bytes(TensorPart part) => _bytes[(int)part];

    private double Weights(TensorPart part) => _weights[(int)part];
}

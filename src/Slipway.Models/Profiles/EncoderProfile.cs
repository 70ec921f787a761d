namespace Slipway.Models.Profiles;

/// <summary>A tower beside the language model that turns images, video or sound into tokens.</summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Parameters">Weights with its projector; <c>null</c> when not known.</param>
public sealed record EncoderProfile(EncoderKind Kind, long? Parameters);

/// <summary>What an encoder takes.</summary>
public enum EncoderKind
{
    /// <summary>Images, perhaps video.</summary>
    Vision,

    /// <summary>Sound.</summary>
    Audio,
}

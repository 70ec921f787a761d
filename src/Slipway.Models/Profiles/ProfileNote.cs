namespace Slipway.Models.Profiles;

/// <summary>Something that a reader of a profile must know: a bound instead of a number, an unknown, a choice.</summary>
/// <param name="Kind">What it is about, stable enough to be matched.</param>
/// <param name="Message">What is bounded, unknown or chosen, why, and what would settle it.</param>
public sealed record ProfileNote(ProfileNoteKind Kind, string Message);

/// <summary>What a note is about.</summary>
public enum ProfileNoteKind
{
    /// <summary>The architecture is not known here; memory is bounded from above.</summary>
    UnknownArchitecture,

    /// <summary>The attention kinds of some layers are not stated; they count as full attention.</summary>
    BoundedCache,

    /// <summary>A recurrent state's size is not stated.</summary>
    UnknownState,

    /// <summary>Parameters or bytes are bounded, not exact.</summary>
    BoundedWeights,

    /// <summary>Weight files that hold the same weights in another format were left out.</summary>
    DuplicatesLeftOut,

    /// <summary>A draft layer (multi-token prediction) was left out.</summary>
    DraftLeftOut,

    /// <summary>Two sources disagree; says which one was taken.</summary>
    Disagreement,

    /// <summary>A file that would have told more was not there or not readable.</summary>
    MissingFile,
}

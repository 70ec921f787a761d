namespace Slipway.Operator.Sizing;

/// <summary>How many accelerators a node's share of a replica gets where the manifest leaves that open, and why.</summary>
/// <param name="Verdict">What kind of answer it is.</param>
/// <param name="Gpus">Accelerators; 0 while there is no number.</param>
/// <param name="Message">The answer in words.</param>
/// <param name="Basis">A digest of what was asked; another one means that the manifest asks for something else now.</param>
public sealed record ModelSizing(SizingVerdict Verdict, int Gpus, string Message, string Basis);

/// <summary>Kinds of answers; the name is the condition's reason.</summary>
public enum SizingVerdict
{
    /// <summary>The hub was asked what the model is and has not answered yet.</summary>
    WaitsForHub,

    /// <summary>Computed from the model and the accelerators.</summary>
    Sized,

    /// <summary>The model is not known, so that the simple rule holds.</summary>
    Assumed,

    /// <summary>The model fits no node.</summary>
    DoesNotFit,
}

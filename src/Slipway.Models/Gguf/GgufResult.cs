namespace Slipway.Models.Gguf;

/// <summary>Why a file is not a usable GGUF file.</summary>
public enum GgufFault
{
    /// <summary>The file does not start with the four bytes <c>GGUF</c>.</summary>
    NotGguf,

    /// <summary>A version of the format, or a byte order, that is not read here.</summary>
    UnsupportedVersion,

    /// <summary>The file ends before what its own header promises.</summary>
    Truncated,

    /// <summary>The header contradicts itself or the format.</summary>
    Corrupt,
}

/// <summary>Outcome of reading a GGUF header.</summary>
public abstract record GgufResult
{
    private GgufResult()
    {
    }

    /// <summary>The header is sound and the file is as long as its tensors say.</summary>
    /// <param name="Summary">What the header says.</param>
    public sealed record Sound(GgufSummary Summary) : GgufResult;

    /// <summary>The file cannot be used.</summary>
    /// <param name="Fault">The kind of fault.</param>
    /// <param name="Message">What was found and where, in words.</param>
    public sealed record Unsound(GgufFault Fault, string Message) : GgufResult;
}

namespace Slipway.Models.Gguf;

/// <summary>The bytes at hand end before the header does; never leaves <see cref="GgufReader"/>.</summary>
internal sealed class GgufPrefixException(long needed) : Exception
{
    /// <summary>Bytes from the file's start that are needed at least.</summary>
    public long Needed { get; } = needed;
}

/// <summary>Leaves the reader's inner loops at the first fault; never leaves <see cref="GgufReader"/>.</summary>
internal sealed class GgufException(GgufFault fault, string message) : Exception(message)
{
    public GgufFault Fault { get; } = fault;

    public static GgufException Corrupt(string message) => new(GgufFault.Corrupt, message);

    public static GgufException PastTheEnd(long at, ulong wanted, long left, long length) => new(
        // No header item reaches a terabyte, so such a length is damage and not a missing tail.
        wanted > 1UL << 40 ? GgufFault.Corrupt : GgufFault.Truncated,
        $"At byte {at} the header announces {wanted} bytes or items, but only {left} of the file's {length} bytes are left.");
}

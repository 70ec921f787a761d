using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>Says in words what went wrong on this machine's disk.</summary>
internal static class LocalFaults
{
    // Room for the file system's own needs and for everyone else: a full disk hurts more than a refused download.
    private const long Reserve = 64L << 20;

    /// <summary>The error of a failed read or write.</summary>
    public static ModelError Of(Exception exception, string path) => IsDiskFull(exception)
        ? new ModelError(ModelErrorKind.DiskFull, $"The disk of {path} is full. Free some space, or set HF_HOME to a larger disk; what was downloaded so far is kept.", Retryable: true)
        : new ModelError(ModelErrorKind.Unreadable, $"{path} cannot be read or written: {exception.Message.TrimEnd('.')}. Check its owner and mode, or set HF_HOME to another directory.");

    /// <summary>The error of a download that would not fit; null when it fits.</summary>
    public static ModelError? NoRoom(string directory, long needed, Func<string, long> freeBytes)
    {
        var free = freeBytes(directory);
        return needed + Reserve <= free ? null : new ModelError(
            ModelErrorKind.DiskFull,
            $"The download needs {Megabytes(needed)} more, but the disk of {directory} has {Megabytes(free)} free. Free some space, or set HF_HOME to a larger disk.",
            Retryable: true);
    }

    /// <summary>Whether an exception is the file system's doing, and so an outcome rather than a bug.</summary>
    public static bool IsLocal(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static bool IsDiskFull(Exception exception) => exception.HResult is
        28 or 122 or 69 // ENOSPC, EDQUOT on Linux, EDQUOT on macOS: .NET passes errno on as HResult
        or unchecked((int)0x80070070) or unchecked((int)0x80070027); // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL

    private static string Megabytes(long bytes) => $"{bytes / 1e6:0.0} MB";
}

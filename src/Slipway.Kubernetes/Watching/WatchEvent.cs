namespace Slipway.Kubernetes.Watching;

/// <summary>What a watch can say.</summary>
public enum WatchEventKind
{
    /// <summary>The object is there now.</summary>
    Added,

    /// <summary>The object changed.</summary>
    Modified,

    /// <summary>The object is gone.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resourceVersion.</summary>
    Bookmark,

    /// <summary>The watch cannot go on; with 410, one must list again.</summary>
    Error,

    /// <summary>The object could not be read as its record: another version of the kind, most likely.</summary>
    Unreadable,
}

/// <summary>One event of a watch.</summary>
/// <typeparam name="T">The object's record.</typeparam>
/// <param name="Kind">What it says.</param>
/// <param name="Object">The object, for the first three kinds.</param>
/// <param name="ResourceVersion">The resourceVersion, for a bookmark.</param>
/// <param name="InitialEventsEnd">Whether this bookmark ends the initial events of a watch list (KEP-3157).</param>
/// <param name="Code">The Status code, for an error.</param>
/// <param name="Message">What went wrong, for an error or an unreadable object.</param>
public readonly record struct WatchEvent<T>(
    WatchEventKind Kind, T? Object, string? ResourceVersion = null, bool InitialEventsEnd = false, int Code = 0, string? Message = null)
    where T : class;

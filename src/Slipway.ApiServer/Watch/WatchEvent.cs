using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Watch;

/// <summary>What happened to an object.</summary>
internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,
    Bookmark,
}

/// <summary>One change, with the state before it so that a selector can tell who enters and who leaves its view.</summary>
internal sealed record WatchEvent(ChangeKind Kind, long Revision, StoredObject? Object, StoredObject? Previous);

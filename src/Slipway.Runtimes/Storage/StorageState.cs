namespace Slipway.Runtimes.Storage;

/// <summary>How a claim is, or all of a deployment's; becomes the condition `StorageReady`.</summary>
/// <param name="Ready">Whether the pods can have what the manifest asks for.</param>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="Holds">Whether nothing can run before that has changed.</param>
public sealed record StorageState(bool Ready, string Reason, string Message, bool Holds)
{
    /// <summary>Whether the claim must be made, or made to ask for more.</summary>
    public bool Apply { get; init; }
}

/// <summary>How far a download is; becomes the condition `ModelDownloaded`.</summary>
/// <param name="AtHand">Whether the weights are on the claim.</param>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="Failed">Whether it is not tried again by itself.</param>
public sealed record DownloadState(bool AtHand, string Reason, string Message, bool Failed);

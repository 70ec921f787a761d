namespace Slipway.Models.Store;

/// <summary>How far a download is. All files of a split model count together.</summary>
/// <param name="File">The file being fetched now.</param>
/// <param name="BytesDone">Bytes on disk, those of earlier runs included.</param>
/// <param name="BytesTotal">Bytes wanted.</param>
/// <param name="BytesPerSecond">Mean speed of this run; 0 until it is known.</param>
public sealed record DownloadProgress(string File, long BytesDone, long BytesTotal, double BytesPerSecond);

using System.Net;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>Brings one file of a repository into the cache: whole, checked, and visible only then.</summary>
internal sealed class BlobDownload(HubClient hub, HubTransport transport, HubCache cache, ModelStoreOptions options, DownloadMeter meter)
{
    // A connection that gave this much before it broke was worth having: the count of retries starts again.
    private const long WorthwhileBytes = 64 * 1024;

    /// <summary>Downloads a file unless its blob is there.</summary>
    /// <returns>Null when the blob is complete, or the error.</returns>
    public async Task<ModelError?> RunAsync(string commit, HubFile file, CancellationToken cancellationToken)
    {
        using var writer = await CacheLock.TakeAsync(cache.LockPath(file.ETag!), options.Time, cancellationToken);
        var blob = new FileInfo(cache.BlobPath(file.ETag!));
        if (blob.Exists && blob.Length == file.Size)
        {
            meter.Found(file.Path, file.Size);
            return null;
        }

        Directory.CreateDirectory(blob.DirectoryName!);
        var partial = cache.IncompletePath(file.ETag!);
        var error = await FetchAsync(commit, file, partial, cancellationToken);
        // Damage never heals by going on: the next try starts from nothing.
        if (error is { Kind: ModelErrorKind.Corrupt }) File.Delete(partial);
        if (error is null) File.Move(partial, blob.FullName, overwrite: true);
        return error;
    }

    private async Task<ModelError?> FetchAsync(string commit, HubFile file, string partial, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (target.CanSeek && target.Length > file.Size) target.SetLength(0);
        if (LocalFaults.NoRoom(cache.Folder, file.Size - target.Length, options.FreeBytes) is { } noRoom) return noRoom;
        var hash = new BlobHash(file);
        try
        {
            await RehashAsync(target, hash, cancellationToken);
            meter.Found(file.Path, target.Position);
            for (var retry = 0; target.Position < file.Size; retry++)
            {
                var before = target.Position;
                var answer = await hub.OpenAsync(commit, file.Path, before, cancellationToken);
                if (!answer.TryGet(out var response, out var error)) return error;
                using (response)
                {
                    if (WrongLength(response, file, before) is { } wrong) return wrong;
                    if (before > 0 && response.StatusCode == HttpStatusCode.OK)
                    {
                        // The server does not resume: it sends the file from its start.
                        Rewind(target);
                        hash.Dispose();
                        hash = new BlobHash(file);
                    }

                    error = await CopyAsync(response, target, hash, file, cancellationToken);
                }

                if (error is null) break;
                if (target.Position - before >= WorthwhileBytes) retry = -1;
                if (retry >= options.MaxRetries || transport.WaitBefore(Math.Max(retry, 0), error) is not { } wait) return error;
                await Task.Delay(wait, options.Time, cancellationToken);
            }

            target.Flush(flushToDisk: true);
            var digest = hash.Finish();
            return digest == file.ETag ? null : new ModelError(
                ModelErrorKind.Corrupt,
                $"{file.Path} arrived damaged: its checksum is {digest}, the hub announces {file.ETag}. The bytes were thrown away; ask again. "
                + "If it repeats, a proxy or mirror in between changes the file.",
                Retryable: true);
        }
        finally
        {
            hash.Dispose();
        }
    }

    private async Task<ModelError?> CopyAsync(HttpResponseMessage response, FileStream target, BlobHash hash, HubFile file, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        using var idle = new CancellationTokenSource(transport.IdleTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        Stream? body = null;
        while (true)
        {
            int read;
            try
            {
                body ??= await response.Content.ReadAsStreamAsync(either.Token);
                read = await body.ReadAsync(buffer, either.Token);
                idle.CancelAfter(transport.IdleTimeout);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return HubErrors.Unreachable(e, options.Endpoint, $"sending {file.Path} (at {target.Position} of {file.Size} bytes)");
            }

            if (read == 0) break;
            if (target.Position + read > file.Size) return Longer(file);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            hash.Append(buffer.AsSpan(0, read));
            meter.Received(file.Path, read);
        }

        return target.Position == file.Size ? null : HubErrors.Unreachable(
            new IOException("the connection was closed early"), options.Endpoint, $"sending {file.Path} (at {target.Position} of {file.Size} bytes)");
    }

    private static async Task RehashAsync(FileStream target, BlobHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        // Only as much as there was at first: what grows meanwhile is not ours.
        for (var left = target.Length; left > 0;)
        {
            var read = await target.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0) break;
            hash.Append(buffer.AsSpan(0, read));
            left -= read;
        }
    }

    private void Rewind(FileStream target)
    {
        meter.Lost(target.Position);
        target.SetLength(0);
    }

    private static ModelError? WrongLength(HttpResponseMessage response, HubFile file, long from)
    {
        var total = response.StatusCode switch
        {
            HttpStatusCode.RequestedRangeNotSatisfiable => response.Content.Headers.ContentRange?.Length ?? from,
            HttpStatusCode.PartialContent => response.Content.Headers.ContentRange?.Length,
            _ => response.Content.Headers.ContentLength,
        };
        if (total is null || total == file.Size) return null;
        return total > file.Size ? Longer(file) : new ModelError(
            ModelErrorKind.Truncated,
            $"The hub announces {file.Size} bytes for {file.Path}, but has only {total}. Its copy, or the mirror's, is incomplete; report it there, or pin another revision.",
            Retryable: true);
    }

    private static ModelError Longer(HubFile file) => new(
        ModelErrorKind.Corrupt,
        $"The hub announces {file.Size} bytes for {file.Path}, but sends more. A proxy or mirror in between changes the file.",
        Retryable: true);
}

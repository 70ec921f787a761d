using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>The hub's HTTP API, as far as a download needs it.</summary>
/// <remarks><see href="https://huggingface.co/docs/hub/api"/>.</remarks>
internal sealed partial class HubClient(HubTransport transport, ModelStoreOptions options, ModelRequest request)
{
    // A repository of ten thousand files lists in some 3 MB; a page beyond this is no listing.
    private const int MaxPageBytes = 32 << 20;
    private const int MaxPages = 50;

    /// <summary>The commit that a revision names.</summary>
    public async Task<HubAnswer<string>> GetCommitAsync(CancellationToken cancellationToken)
    {
        var answer = await GetRevisionAsync(cancellationToken);
        return answer.TryGet(out var revision, out var error) ? revision.Sha! : error;
    }

    /// <summary>What the hub says of a revision; the commit is there.</summary>
    public async Task<HubAnswer<HubRevision>> GetRevisionAsync(CancellationToken cancellationToken)
    {
        var path = $"api/models/{request.Id}/revision/{Uri.EscapeDataString(request.Revision ?? "main")}";
        var answer = await GetJsonAsync(path, HubJson.Default.HubRevision, cancellationToken);
        if (!answer.TryGet(out var page, out var error)) return error;
        return ModelNames.IsCommit(page.Value.Sha) ? page.Value : HubErrors.Nonsense(options.Endpoint, "it names no commit for the revision");
    }

    /// <summary>All files at a commit. Rows whose path or checksum could not be used safely are left out.</summary>
    public async Task<HubAnswer<IReadOnlyList<HubFile>>> ListAsync(string commit, CancellationToken cancellationToken)
    {
        var files = new List<HubFile>();
        string? path = $"api/models/{request.Id}/tree/{commit}?recursive=true";
        for (var page = 0; path is not null && page < MaxPages; page++)
        {
            var answer = await GetJsonAsync(path, HubJson.Default.ListHubFile, cancellationToken);
            if (!answer.TryGet(out var rows, out var error)) return error;
            files.AddRange(rows.Value.Where(static f => f.Type == "file" && ModelNames.IsRepoPath(f.Path) && f.ETag is { } tag && Digest().IsMatch(tag)));
            path = rows.Next;
        }

        return files;
    }

    /// <summary>Starts to read a file.</summary>
    public Task<HubAnswer<HttpResponseMessage>> OpenAsync(string commit, string file, long from, CancellationToken cancellationToken) =>
        transport.GetAsync($"{request.Id}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}", from, cancellationToken);

    /// <summary>Reads a part of a file, without the rest.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file's path.</param>
    /// <param name="from">First byte.</param>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The bytes; fewer at the file's end.</returns>
    public async Task<HubAnswer<byte[]>> ReadAsync(string commit, string file, long from, int length, CancellationToken cancellationToken)
    {
        var path = $"{request.Id}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}";
        var answer = await transport.GetAsync(path, from, cancellationToken, from + length - 1);
        if (!answer.TryGet(out var response, out var error)) return error;
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return Array.Empty<byte>();
            if (from > 0 && response.StatusCode == HttpStatusCode.OK) return HubErrors.Nonsense(options.Endpoint, "it sends whole files where parts are asked for");
            using var idle = new CancellationTokenSource(transport.IdleTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(either.Token);
                var buffer = new byte[length];
                var read = await body.ReadAtLeastAsync(buffer, length, throwOnEndOfStream: false, either.Token);
                return read == length ? buffer : buffer[..read];
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return HubErrors.Unreachable(e, options.Endpoint, $"sending a part of {file}");
            }
        }
    }

    private async Task<HubAnswer<Page<T>>> GetJsonAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var answer = await transport.GetAsync(path, 0, cancellationToken);
        if (!answer.TryGet(out var response, out var error)) return error;
        using (response)
        {
            using var idle = new CancellationTokenSource(transport.IdleTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxPageBytes, either.Token);
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                var value = await JsonSerializer.DeserializeAsync(body, type, cancellationToken);
                return value is null ? HubErrors.Nonsense(options.Endpoint, "an empty document") : new Page<T>(value, NextPage(response));
            }
            catch (JsonException e)
            {
                return HubErrors.Nonsense(options.Endpoint, e.Message);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return HubErrors.Unreachable(e, options.Endpoint, $"listing {request.Id}");
            }
        }
    }

    /// <summary>The next page's path from <c>Link: &lt;…&gt;; rel="next"</c> (RFC 8288), only when it stays on the hub.</summary>
    private string? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        var match = NextLink().Match(string.Join(", ", links));
        if (!match.Success || !Uri.TryCreate(options.Endpoint, match.Groups["uri"].Value, out var next)) return null;
        return options.Endpoint.IsBaseOf(next) ? options.Endpoint.MakeRelativeUri(next).ToString() : null;
    }

    [GeneratedRegex("<(?<uri>[^>]+)>\\s*;\\s*rel=\"next\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextLink();

    /// <summary>Sha1 or sha256 in hexadecimal: safe as a file name.</summary>
    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digest();

    private sealed record Page<T>(T Value, string? Next);
}

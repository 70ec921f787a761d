using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slipway.Testing.Hub;

/// <summary>The wire side of a <see cref="FakeHub"/>.</summary>
internal sealed class FakeHubProtocol(FakeHub hub)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/');
        var parts = path.Split('/');
        var door = context.Connection.LocalPort == hub.Cdn.Port ? HubDoor.Cdn
            : path.StartsWith("api/models/", StringComparison.Ordinal) ? (parts.Contains("tree") ? HubDoor.Tree : HubDoor.Revision)
            : HubDoor.Resolve;
        var headers = context.Request.Headers;
        var call = new HubCall(door, context.Request.Method, "/" + path, Header(headers.Range), Header(headers.Authorization), Header(headers.UserAgent));
        var failure = hub.Take(call);
        if (failure?.Until is { } until) await until.WaitAsync(context.RequestAborted);
        if (failure?.StatusCode is { } status)
        {
            await RefuseAsync(context, status, failure.ErrorCode, failure.RetryAfter);
            return;
        }

        // api/models/ORG/NAME/revision/REV, api/models/ORG/NAME/tree/REV, ORG/NAME/resolve/REV/PATH...
        var at = door is HubDoor.Revision or HubDoor.Tree ? 2 : 0;
        var id = parts.Length > at + 3 ? $"{parts[at]}/{parts[at + 1]}" : "";
        if (hub.Find(id) is not { } repo)
        {
            await RefuseAsync(context, 404, "RepoNotFound");
            return;
        }

        if (door != HubDoor.Cdn && !await LetInAsync(context, repo, call)) return;
        var revision = Uri.UnescapeDataString(parts[at + 3]);
        if (revision != repo.Commit && !repo.Revisions.Contains(revision))
        {
            await RefuseAsync(context, 404, "RevisionNotFound");
            return;
        }

        await (door switch
        {
            HubDoor.Revision => JsonAsync(context, new JsonObject { ["id"] = id, ["sha"] = repo.Commit, ["gated"] = repo.Gated }, failure),
            HubDoor.Tree => JsonAsync(context, Page(context, Tree(repo)), failure),
            _ => FileAsync(context, repo, string.Join('/', parts[4..]), door, failure),
        });
    }

    private static string? Header(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    private static async Task<bool> LetInAsync(HttpContext context, FakeRepo repo, HubCall call)
    {
        if (repo.Token is null || call.Authorization == $"Bearer {repo.Token}") return true;
        // The real hub says 401 to a stranger, even for a repository that does not exist, and 403 to a known account without access.
        if (repo.Gated) await RefuseAsync(context, call.Authorization is null ? 401 : 403, "GatedRepo");
        else await RefuseAsync(context, 401, "RepoNotFound");
        return false;
    }

    /// <summary>A page of the listing; the address of the next one is in the header <c>Link</c>, as on the real hub.</summary>
    private JsonArray Page(HttpContext context, JsonArray rows)
    {
        var from = int.TryParse(context.Request.Query["cursor"], CultureInfo.InvariantCulture, out var cursor) ? cursor : 0;
        if (from + hub.PageSize < rows.Count)
        {
            var next = new Uri(hub.Endpoint, $"{context.Request.Path}?recursive=true&cursor={from + hub.PageSize}");
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return new JsonArray([.. rows.Skip(from).Take(hub.PageSize).Select(static r => r!.DeepClone())]);
    }

    private static JsonArray Tree(FakeRepo repo)
    {
        var rows = new JsonArray();
        foreach (var (path, file) in repo.Files)
        {
            var row = new JsonObject { ["type"] = "file", ["path"] = path, ["size"] = file.StatedSize ?? file.Content.Length, ["oid"] = file.GitOid };
            if (file.Lfs) row["lfs"] = new JsonObject { ["oid"] = file.Sha256, ["size"] = file.Content.Length, ["pointerSize"] = 134 };
            rows.Add(row);
        }

        return rows;
    }

    private static async Task JsonAsync(HttpContext context, JsonNode node, HubFailure? failure)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await BodyAsync(context, System.Text.Encoding.UTF8.GetBytes(node.ToJsonString()), failure);
    }

    private async Task FileAsync(HttpContext context, FakeRepo repo, string path, HubDoor door, HubFailure? failure)
    {
        if (!repo.Files.TryGetValue(Uri.UnescapeDataString(path), out var file))
        {
            await RefuseAsync(context, 404, "EntryNotFound");
            return;
        }

        var headers = context.Response.Headers;
        if (door == HubDoor.Resolve)
        {
            headers["X-Repo-Commit"] = repo.Commit;
            if (file.Lfs)
            {
                headers["X-Linked-Etag"] = $"\"{file.Sha256}\"";
                headers["X-Linked-Size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
                context.Response.StatusCode = 302;
                headers.Location = new Uri(hub.Cdn, context.Request.Path.Value).ToString() + "?signature=once";
                return;
            }
        }

        headers.ETag = $"\"{file.ETag}\"";
        headers.AcceptRanges = "bytes";
        var content = file.Content;
        if (failure is { Missing: > 0 }) content = content[..^(int)failure.Missing];
        if (failure is { Damage: true })
        {
            content = [.. content];
            content[^1] ^= 0x55;
        }

        if (failure is not { IgnoreRange: true } && RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var range))
        {
            var from = range.Ranges.Single().From!.Value;
            if (from >= content.Length)
            {
                context.Response.StatusCode = 416;
                headers.ContentRange = $"bytes */{content.Length}";
                return;
            }

            context.Response.StatusCode = 206;
            headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
            content = content[(int)from..];
        }

        await BodyAsync(context, content, failure);
    }

    private static async Task BodyAsync(HttpContext context, byte[] content, HubFailure? failure)
    {
        context.Response.ContentLength = content.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        if (failure?.DropAfter is { } drop)
        {
            await context.Response.StartAsync();
            await context.Response.Body.WriteAsync(content.AsMemory(0, (int)Math.Min(drop, content.Length)));
            // Less than was announced: Kestrel closes the connection after these bytes. Abort() would send a reset, and the
            // client's kernel would then throw away bytes that had arrived.
            return;
        }

        await context.Response.Body.WriteAsync(content);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string? code, TimeSpan? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (code is not null) context.Response.Headers["X-Error-Code"] = code;
        if (retryAfter is { } wait) context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(code ?? "");
    }
}

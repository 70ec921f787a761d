using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Connection;

/// <summary>Reads and writes objects of one Kubernetes API.</summary>
/// <param name="connection">The way to it.</param>
public sealed class KubeClient(KubeConnection connection)
{
    private static readonly MediaTypeHeaderValue s_apply = new("application/apply-patch+yaml");
    private static readonly MediaTypeHeaderValue s_merge = new("application/merge-patch+json");
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <summary>The way to the API.</summary>
    public KubeConnection Connection { get; } = connection;

    /// <summary>Reads an object.</summary>
    /// <typeparam name="T">Its record.</typeparam>
    /// <param name="resource">Its kind.</param>
    /// <param name="key">Which.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The object, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task<T?> GetAsync<T>(Resource<T> resource, NamespacedName key, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        using var response = await Connection.Http.GetAsync(resource.ObjectPath(key), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        return JsonSerializer.Deserialize(await BodyAsync(response, cancellationToken), resource.Json);
    }

    /// <summary>Reads the objects of one namespace, or of all.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="ns">The namespace; all when empty.</param>
    /// <param name="query">Selectors and the like, such as `labelSelector=a%3Db`.</param>
    /// <returns>The objects.</returns>
    public async Task<IReadOnlyList<T>> ListAsync<T>(Resource<T> resource, string? ns, CancellationToken cancellationToken, string? query = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        var path = query is null ? resource.CollectionPath(ns) : $"{resource.CollectionPath(ns)}?{query}";
        using var response = await Connection.Http.GetAsync(path, cancellationToken);
        using var list = JsonDocument.Parse(new ReadOnlyMemory<byte>(await BodyAsync(response, cancellationToken)));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(i => i.Deserialize(resource.Json)!)];
    }

    /// <summary>Creates an object.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="value">The object.</param>
    /// <returns>The object as the server keeps it.</returns>
    public Task<T> CreateAsync<T>(Resource<T> resource, T value, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        var ns = resource.Identify(value).Key.Namespace;
        return WriteAsync(HttpMethod.Post, resource, resource.CollectionPath(ns), JsonSerializer.SerializeToUtf8Bytes(value, resource.Json), s_json, cancellationToken);
    }

    /// <summary>Replaces an object (PUT); with a `metadata.resourceVersion` in it, a change in between is a conflict.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="value">The object.</param>
    /// <returns>The object as the server keeps it.</returns>
    public Task<T> ReplaceAsync<T>(Resource<T> resource, T value, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        var path = resource.ObjectPath(resource.Identify(value).Key);
        return WriteAsync(HttpMethod.Put, resource, path, JsonSerializer.SerializeToUtf8Bytes(value, resource.Json), s_json, cancellationToken);
    }

    /// <summary>States the fields that a manager wants (server-side apply), taking them over from others.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="value">The object, with the wanted fields only.</param>
    /// <param name="manager">The field manager.</param>
    /// <param name="subresource">Such as `status`.</param>
    /// <returns>The object as the server keeps it.</returns>
    public Task<T> ApplyAsync<T>(
        Resource<T> resource, T value, string manager, CancellationToken cancellationToken, string? subresource = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        var path = $"{resource.ObjectPath(resource.Identify(value).Key, subresource)}?fieldManager={manager}&force=true&fieldValidation=Strict";
        return WriteAsync(HttpMethod.Patch, resource, path, JsonSerializer.SerializeToUtf8Bytes(value, resource.Json), s_apply, cancellationToken);
    }

    /// <summary>States the fields that a manager wants (server-side apply), given as JSON.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="fields">The object, with the wanted fields only.</param>
    /// <param name="manager">The field manager.</param>
    /// <returns>The object as the server keeps it.</returns>
    public Task<T> ApplyAsync<T>(Resource<T> resource, NamespacedName key, JsonObject fields, string manager, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        var path = $"{resource.ObjectPath(key)}?fieldManager={manager}&force=true&fieldValidation=Strict";
        return WriteAsync(HttpMethod.Patch, resource, path, JsonSerializer.SerializeToUtf8Bytes(fields, KubeJson.Default.JsonObject), s_apply, cancellationToken);
    }

    /// <summary>Changes some fields (RFC 7386).</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="patch">The fields; null removes one. A `metadata.resourceVersion` makes a change in between a conflict.</param>
    /// <param name="manager">The field manager.</param>
    /// <param name="subresource">Such as `status`.</param>
    /// <returns>The object as the server keeps it.</returns>
    public Task<T> MergePatchAsync<T>(
        Resource<T> resource, NamespacedName key, JsonObject patch, string manager, CancellationToken cancellationToken, string? subresource = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(patch);
        var path = $"{resource.ObjectPath(key, subresource)}?fieldManager={manager}";
        return WriteAsync(HttpMethod.Patch, resource, path, JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Default.JsonObject), s_merge, cancellationToken);
    }

    /// <summary>Asks for an object's removal.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <param name="uid">Which object of that name; another one is a conflict. Any when absent.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync<T>(Resource<T> resource, NamespacedName key, CancellationToken cancellationToken, string? uid = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(resource);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{resource.ObjectPath(key)}?propagationPolicy=Background");
        if (uid is not null) request.Content = Content(new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = uid } });
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return false;
        await BodyAsync(response, cancellationToken);
        return true;
    }

    /// <summary>Posts an object to a path that is no collection, such as a pod's `binding`.</summary>
    /// <param name="path">The path relative to the server's address.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>When done.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task PostAsync(string path, JsonObject value, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(value) };
        using var response = await SendAsync(request, cancellationToken);
        await BodyAsync(response, cancellationToken);
    }

    /// <summary>Posts a question that is kept nowhere, such as a TokenReview.</summary>
    /// <param name="path">The path relative to the server's address.</param>
    /// <param name="value">The question.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>The question with its answer in its status.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task<JsonObject> AskAsync(string path, JsonObject value, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(value) };
        using var response = await SendAsync(request, cancellationToken);
        return JsonSerializer.Deserialize(await BodyAsync(response, cancellationToken), KubeJson.Default.JsonObject) ?? throw new JsonException("The Kubernetes API answered null.");
    }

    /// <summary>Applies an object given as bytes, such as a CustomResourceDefinition.</summary>
    /// <param name="path">Its path relative to the server's address.</param>
    /// <param name="json">The object.</param>
    /// <param name="manager">The field manager.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>When done.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task ApplyRawAsync(string path, ReadOnlyMemory<byte> json, string manager, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{path}?fieldManager={manager}&force=true&fieldValidation=Strict")
        {
            Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = s_apply } },
        };
        using var response = await SendAsync(request, cancellationToken);
        await BodyAsync(response, cancellationToken);
    }

    /// <summary>Opens what the server sends bit by bit, such as a pod's log.</summary>
    /// <param name="path">The path relative to the server's address, with its query.</param>
    /// <param name="cancellationToken">Stops waiting for its beginning.</param>
    /// <returns>The stream; its end closes the request.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = Connection.Http.DefaultRequestVersion, VersionPolicy = Connection.Http.DefaultVersionPolicy };
        var response = await Connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode) return await response.Content.ReadAsStreamAsync(cancellationToken);
        using (response) throw KubeApiException.From(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Headers.RetryAfter?.Delta);
    }

    private static ByteArrayContent Content(JsonObject value) => new(JsonSerializer.SerializeToUtf8Bytes(value, KubeJson.Default.JsonObject)) { Headers = { ContentType = s_json } };

    private async Task<T> WriteAsync<T>(
        HttpMethod method, Resource<T> resource, string path, byte[] body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = type } } };
        using var response = await SendAsync(request, cancellationToken);
        return JsonSerializer.Deserialize(await BodyAsync(response, cancellationToken), resource.Json)
            ?? throw new JsonException("The Kubernetes API answered null.");
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = Connection.Http.DefaultRequestVersion;
        request.VersionPolicy = Connection.Http.DefaultVersionPolicy;
        return Connection.Http.SendAsync(request, cancellationToken);
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? body : throw KubeApiException.From(response.StatusCode, body, response.Headers.RetryAfter?.Delta);
    }
}

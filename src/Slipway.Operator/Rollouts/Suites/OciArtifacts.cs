using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>Fetches artifacts of one layer from registries that ask for no name. What comes is what the digests say, or nothing.</summary>
/// <remarks><see href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull"/>; the token that registries want of everybody: <see href="https://distribution.github.io/distribution/spec/auth/token/"/>.</remarks>
internal sealed class OciArtifacts : IDisposable
{
    private const int MostManifest = 4 << 20, MostLayer = 64 << 20, MostToken = 64 << 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // Layers are often elsewhere; from TLS a redirect leads to TLS only, and takes no token along.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = true, MaxAutomaticRedirections = 3, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <summary>Fetches one.</summary>
    /// <param name="reference">The artifact, by its digest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The text of its layer; or why there is none.</returns>
    public async Task<(string? Text, string? Fault)> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        if (OciReference.Parse(reference) is not { } artifact) return (null, "it is no artifact by its digest, such as registry.example/suites/support@sha256:…");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_patience);
        try
        {
            var pass = new Pass(_http, artifact);
            var manifest = await pass.GetAsync($"manifests/{artifact.Digest}", artifact.Digest, MostManifest, late.Token);
            var (digest, fault) = Layer(manifest);
            return digest is null ? (null, fault) : (Encoding.UTF8.GetString(await pass.GetAsync($"blobs/{digest}", digest, MostLayer, late.Token)), null);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or JsonException or UriFormatException)
        {
            return (null, failed.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"{artifact.Host} took longer than {s_patience.TotalSeconds:0} s");
        }
    }

    private static (string? Digest, string? Fault) Layer(byte[] manifest)
    {
        using var json = JsonDocument.Parse(manifest);
        if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty("layers", out var layers) || layers.ValueKind is not JsonValueKind.Array)
            return (null, "it is no artifact with layers; of an index name the one manifest that is meant");
        if (layers.GetArrayLength() != 1) return (null, $"it has {layers.GetArrayLength()} layers, and one is the prompts: push one file");
        var layer = layers[0];
        var type = layer.TryGetProperty("mediaType", out var media) ? media.GetString() ?? "" : "";
        if (type.Contains("tar", StringComparison.Ordinal) || type.EndsWith("gzip", StringComparison.Ordinal)) return (null, $"its layer is packed ({type}): push the file as it is, as in oras push REGISTRY/NAME prompts.jsonl");
        return layer.TryGetProperty("digest", out var digest) && digest.GetString() is { } text && text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 71 ? (text, null) : (null, "its layer has no digest of sha256");
    }

    // The requests for one artifact, with the token that the registry gave for it.
    private sealed class Pass(HttpClient http, OciReference artifact)
    {
        private string? _token;

        public async Task<byte[]> GetAsync(string path, string digest, int most, CancellationToken cancellationToken)
        {
            var response = await SendAsync(path, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Unauthorized && _token is null)
            {
                using (response) _token = await TokenAsync(response.Headers.WwwAuthenticate, cancellationToken);
                response = await SendAsync(path, cancellationToken);
            }

            using (response)
            {
                if (!response.IsSuccessStatusCode)
                {
                    throw new IOException(response.StatusCode switch
                    {
                        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{artifact.Host} answers {(int)response.StatusCode}: it wants a name, which is given to no registry here, or does not have it. Put it where everybody of the cluster may read it",
                        HttpStatusCode.NotFound => $"{artifact.Host} does not have {path.Split('/')[0].TrimEnd('s')} {digest} in {artifact.Repository}",
                        var other => $"{artifact.Host} answers {(int)other}",
                    });
                }

                var bytes = await BytesAsync(response, most, cancellationToken);
                return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}" == digest ? bytes : throw new IOException($"what {artifact.Host} has sent is not {digest}");
            }
        }

        private Task<HttpResponseMessage> SendAsync(string path, CancellationToken cancellationToken)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(artifact.Address, path));
            foreach (var type in (string[])["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json", "*/*"]) request.Headers.Accept.ParseAdd(type);
            if (_token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }

        private async Task<string> TokenAsync(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges, CancellationToken cancellationToken)
        {
            var said = challenges.FirstOrDefault(static c => c.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))?.Parameter is { } parameter
                ? new Challenge(parameter) : throw new IOException($"{artifact.Host} wants a name, which is given to no registry here");
            // A registry must not send this process to whatever has no TLS in the cluster.
            if (!Uri.TryCreate(said["realm"], UriKind.Absolute, out var realm) || (realm.Scheme != Uri.UriSchemeHttps && !(artifact.IsHere && realm.IsLoopback))) throw new IOException($"{artifact.Host} sends to {said["realm"]} for a token, which has no TLS");
            var query = $"scope={Uri.EscapeDataString($"repository:{artifact.Repository}:pull")}{(said["service"] is { } service ? $"&service={Uri.EscapeDataString(service)}" : "")}";
            using var response = await http.GetAsync(new UriBuilder(realm) { Query = query }.Uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode) throw new IOException($"{realm.Host} answers {(int)response.StatusCode} when asked for a token");
            using var json = JsonDocument.Parse(await BytesAsync(response, MostToken, cancellationToken));
            foreach (var name in (string[])["token", "access_token"])
            {
                if (json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var token) && token.GetString() is { Length: > 0 } text) return text;
            }

            throw new IOException($"{realm.Host} gives no token");
        }

        private static async Task<byte[]> BytesAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var (bytes, buffer) = (new MemoryStream(), new byte[81_920]);
            while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (bytes.Length + read > most) throw new IOException($"it is larger than {most >> 20} MiB");
                bytes.Write(buffer, 0, read);
            }

            return bytes.ToArray();
        }
    }
}

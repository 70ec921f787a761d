using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Webhooks;

/// <summary>Calls webhooks over HTTPS. Answers are bounded in size and time; whatever goes wrong is a value.</summary>
internal sealed class WebhookClient(ServiceEndpoints services, TimeProvider time) : IDisposable
{
    // As many clients as upstream keeps; configurations come and go in tests by the thousand.
    private const int MaxClients = 200;

    private readonly ConcurrentDictionary<WebhookTarget, HttpMessageInvoker> _clients = new();

    /// <summary>Posts a review and reads the answer.</summary>
    /// <param name="target">Who is called.</param>
    /// <param name="review">What is sent.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="tellTimeout">Whether the webhook is told the time that it has.</param>
    /// <param name="limit">The most bytes of an answer.</param>
    /// <param name="cancellationToken">Ends the call because nobody waits for it.</param>
    public async Task<WebhookAnswer> PostAsync(
        WebhookTarget target, JsonMap review, TimeSpan timeout, bool tellTimeout, long limit, CancellationToken cancellationToken)
    {
        var text = tellTimeout ? string.Create(CultureInfo.InvariantCulture, $"{target.Address}?timeout={(long)Math.Ceiling(timeout.TotalSeconds)}s") : target.Address;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) return WebhookAnswer.Failed($"the address {target.Address} is not a URL");
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Content = new ByteArrayContent(JsonText.Bytes(review));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Accept.Add(new("application/json"));
            using var response = await Client(target).SendAsync(request, either.Token);
            var body = await ReadAsync(response.Content, limit, either.Token);
            if (body is null) return WebhookAnswer.Failed(string.Create(CultureInfo.InvariantCulture, $"the answer has more than {limit} bytes"));
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices ? Parse(body) : WebhookAnswer.Failed(WebhookFaults.Of(response.StatusCode, body));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or FormatException && !cancellationToken.IsCancellationRequested)
        {
            return WebhookAnswer.Failed($"Post \"{text}\": {(late.IsCancellationRequested ? "context deadline exceeded" : WebhookFaults.Of(e, address))}");
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private HttpMessageInvoker Client(WebhookTarget target)
    {
        if (_clients.TryGetValue(target, out var known)) return known;
        // Dropped clients finish their calls; their idle connections close by themselves.
        if (_clients.Count >= MaxClients) _clients.Clear();
        return _clients.GetOrAdd(target, static (t, s) => new HttpMessageInvoker(WebhookTransport.Open(t, s)), services);
    }

    private static WebhookAnswer Parse(byte[] body)
    {
        try
        {
            return new(JsonParser.ParseMap(body), null);
        }
        catch (JsonException e)
        {
            return WebhookAnswer.Failed($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, long limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(4096), cancellationToken);
            if (read == 0) return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > limit) return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Rollouts;

/// <summary>Users who ask a model all the time, by streams, and note whatever goes wrong.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task[] _users;
    private long _answers;

    public Load(Uri gateway, string model, int users)
    {
        _client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(2) };
        _users = [.. Enumerable.Range(0, users).Select(u => Task.Run(() => AskAsync(model, $"user-{u}")))];
    }

    /// <summary>Streams that came whole.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Streams that did not, with why.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Asks no more, and waits for the answers that are on their way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_users);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(string model, string session)
    {
        // People read what they got; without that the two processors of a build machine would do nothing else.
        using var reading = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        // Each user begins conversations of their own; the weights are of sessions.
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            try
            {
                var body = new JsonObject
                {
                    ["model"] = model,
                    ["stream"] = true,
                    ["max_tokens"] = 40,
                    ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"What is {i % 90} + 7?" }),
                };
                using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(body), Headers = { { "Slipway-Session", $"{session}-{i / 3}" } } };
                // A stream that has begun is read to its end, so that no answer is cut off by the test itself.
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
                if (response.IsSuccessStatusCode && text.Contains("data: [DONE]", StringComparison.Ordinal)) Interlocked.Increment(ref _answers);
                else _failures.Enqueue($"{(int)response.StatusCode}: {text}");
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                _failures.Enqueue(broken.Message);
            }

            await reading.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}

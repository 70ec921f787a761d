using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>Gets a file over HTTP whole, or not at all: into a temporary file, so that size costs no memory and half an answer is none.</summary>
internal sealed class Download(HttpMessageInvoker http, FeedOptions options)
{
    /// <summary>Asks, and asks again where that may help.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="etag">The mark of what is kept; empty for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Answer> GetAsync(Uri uri, string etag, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            var answer = await TryAsync(uri, etag, cancellationToken);
            if (answer is not Answer.Failed { Retryable: true } failed || retry >= options.MaxRetries) return answer;
            var wait = failed.RetryAfter ?? options.RetryDelay * Math.Pow(2, retry);
            if (wait > options.MaxWait) return answer;
            await Task.Delay(wait, options.Time, cancellationToken);
        }
    }

    private async Task<Answer> TryAsync(Uri uri, string etag, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.UserAgent.ParseAdd("slipway/0.1");
            if (etag.Length > 0 && EntityTagHeaderValue.TryParse(etag, out var mark)) request.Headers.IfNoneMatch.Add(mark);
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.NotModified && etag.Length > 0) return new Answer.NotModified();
            if (!response.IsSuccessStatusCode)
            {
                var again = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)response.StatusCode >= 500;
                return new Answer.Failed($"{uri.Host} answered {(int)response.StatusCode}", again, again ? RetryAfter(response) : null);
            }

            return await KeepAsync(uri, response, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Answer.Failed($"{uri.Host} cannot be reached: {(e is OperationCanceledException ? $"no answer within {options.Timeout.TotalSeconds} s" : e.Message)}", Retryable: true, null);
        }
    }

    private async Task<Answer> KeepAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // The temporary file goes away with its handle.
        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[81920];
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (file.Length + read > options.MaxBytes)
                {
                    await file.DisposeAsync();
                    return new Answer.Failed($"{uri.Host} answered more than {options.MaxBytes} bytes", Retryable: false, null);
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Position = 0;
            return new Answer.Body(file, response.Headers.ETag?.ToString() ?? "");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > options.Time.GetUtcNow() ? date - options.Time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>What came of it.</summary>
    internal abstract record Answer
    {
        /// <summary>The whole file, at its start. Whoever gets it disposes of it.</summary>
        public sealed record Body(Stream Content, string ETag) : Answer;

        public sealed record NotModified : Answer;

        public sealed record Failed(string Reason, bool Retryable, TimeSpan? RetryAfter) : Answer;
    }
}

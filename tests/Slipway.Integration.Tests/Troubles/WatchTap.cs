using System.IO.Pipelines;
using System.Text;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>A watch on its way to the client, to which a test adds and which it breaks.</summary>
internal sealed class WatchTap
{
    // Without a limit a write is done when it returns, so that one lock keeps lines whole.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Func<string, string?>? _lines;
    private readonly List<string> _said = [];

    public WatchTap(HttpResponseMessage answer, Func<string, string?>? lines, Action<WatchTap> ended)
    {
        _lines = lines;
        Response = new HttpResponseMessage(answer.StatusCode) { Content = new StreamContent(_pipe.Reader.AsStream()) };
        _ = PumpAsync(answer, ended);
    }

    public HttpResponseMessage Response { get; }

    /// <summary>Says something that the server did not say.</summary>
    public Task SayAsync(string text)
    {
        lock (_said)
        {
            try
            {
                return _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
            }
            catch (InvalidOperationException)
            {
                // It has ended already.
                return Task.CompletedTask;
            }
        }
    }

    /// <summary>Says all again that it has said before.</summary>
    public Task RepeatAsync()
    {
        lock (_said) return SayAsync(string.Concat(_said.Select(l => l + "\n")));
    }

    /// <summary>The connection breaks.</summary>
    public void Break() => _pipe.Writer.Complete(new IOException("made up: the connection was reset"));

    private async Task PumpAsync(HttpResponseMessage answer, Action<WatchTap> ended)
    {
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await lines.ReadLineAsync() is { } line)
            {
                if ((_lines is null ? line : _lines(line)) is not { } said) continue;
                if (!said.Contains("\"BOOKMARK\"", StringComparison.Ordinal)) lock (_said) _said.Add(said);
                await SayAsync(said + "\n");
            }

            await _pipe.Writer.CompleteAsync();
        }
        catch (Exception over) when (over is IOException or InvalidOperationException or HttpRequestException or OperationCanceledException)
        {
            await _pipe.Writer.CompleteAsync(over);
        }
        finally
        {
            ended(this);
            answer.Dispose();
        }
    }
}

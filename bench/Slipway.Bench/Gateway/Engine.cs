using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Bench.Gateway;

/// <summary>An engine that answers at once: whole, or 20 events one by one when the request says <c>stream</c>.</summary>
internal static class Engine
{
    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes(
        $$$"""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('a', 1300)}}}"}}]}""");

    private static readonly byte[] s_event = "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"}}]}\n\n"u8.ToArray();

    public static async Task<int> HostAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var begin = new byte[30];
        var read = await context.Request.Body.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false);
        await context.Request.Body.CopyToAsync(Stream.Null);
        if (begin.AsSpan(0, read).IndexOf("\"stream\""u8) < 0)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = s_answer.Length;
            await context.Response.Body.WriteAsync(s_answer);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 20; i++)
        {
            await context.Response.Body.WriteAsync(s_event);
            await context.Response.Body.FlushAsync();
        }
    }
}

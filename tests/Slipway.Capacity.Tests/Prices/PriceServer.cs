using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Capacity.Prices.Feeds;

namespace Slipway.Capacity.Tests.Prices;

/// <summary>The three clouds' price services on this machine, in their own formats, with the faults that a test asks for.</summary>
internal sealed class PriceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private PriceServer(WebApplication app) => _app = app;

    /// <summary>What answers; changed by tests between requests.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Addresses that were asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public FeedOptions Options => new() { Azure = new Uri(Address, "/api/retail/prices"), Aws = new Uri(Address, "/aws/current/"), Gcp = new Uri(Address, "/gcp.csv"), RetryDelay = TimeSpan.Zero, Time = Time };

    public AzurePriceFeed Azure => new(_http, Options);

    public AwsPriceFeed Aws => new(_http, Options);

    public GcpPriceFeed Gcp => new(_http, Options);

    public HttpClient Http => _http;

    public static async Task<PriceServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new PriceServer(app);
        app.Run(context =>
        {
            server.Asked.Enqueue(context.Request.Path + Uri.UnescapeDataString(context.Request.QueryString.ToString()));
            return server.Answer(context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Nobody listens any more.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Answers with these, one a request, and with the last one from then on.</summary>
    public void Answers(params Func<HttpContext, Task>[] answers)
    {
        var next = -1;
        Answer = context => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](context);
    }

    public static Func<HttpContext, Task> Text(string body, string? etag = null) => async context =>
    {
        if (etag is not null)
        {
            context.Response.Headers.ETag = etag;
            if (context.Request.Headers.IfNoneMatch == etag)
            {
                context.Response.StatusCode = 304;
                return;
            }
        }

        await context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Status(int status, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>Promises the whole text, and hangs up in the middle of it.</summary>
    public static Func<HttpContext, Task> Truncated(string body) => async context =>
    {
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
        await context.Response.WriteAsync(body[..(body.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>A page of the Azure Retail Prices API.</summary>
    public static string AzurePage(string? next, params object[] items) =>
        JsonSerializer.Serialize(new { BillingCurrency = "USD", CustomerEntityId = "Default", CustomerEntityType = "Retail", Items = items, NextPageLink = next, Count = items.Length });

    /// <summary>An item as the API writes it.</summary>
    public static object AzureItem(
        string type, double price, string meter = "", string product = "Virtual Machines Series", string sku = "", string currency = "USD", bool primary = true, string since = "2024-01-01T00:00:00Z", string? until = null,
        string unit = "1 Hour", string kind = "Consumption", string region = "westeurope", double tier = 0) => new
        {
            currencyCode = currency,
            tierMinimumUnits = tier,
            retailPrice = price,
            unitPrice = price,
            armRegionName = region,
            location = "EU West",
            effectiveStartDate = since,
            effectiveEndDate = until,
            meterId = "m",
            meterName = meter,
            productId = "p",
            skuId = "s",
            productName = product,
            skuName = sku,
            serviceName = "Virtual Machines",
            serviceId = "x",
            serviceFamily = "Compute",
            unitOfMeasure = unit,
            type = kind,
            isPrimaryMeterRegion = primary,
            armSkuName = type,
        };
}

using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Web.Pages;

namespace Slipway.Web;

/// <summary>Renders the deployments: with the page, and again for a browser whenever they change (server-sent events).</summary>
internal sealed class LiveList(Informer<ModelDeployment> deployments, HtmlRenderer renderer)
{
    private IReadOnlyList<ModelDeployment> Snapshot() =>
        [.. deployments.Objects.Values.OrderBy(d => d.Metadata.Namespace, StringComparer.Ordinal).ThenBy(d => d.Metadata.Name, StringComparer.Ordinal)];

    public async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";

        // One pending change is enough: the browser wants the newest list, not each one on the way.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnChange(NamespacedName key) => changes.Writer.TryWrite(true);
        deployments.Changed += OnChange;
        try
        {
            OnChange(default);
            string? last = null;
            await foreach (var _ in changes.Reader.ReadAllAsync(context.RequestAborted))
            {
                var html = await ListAsync();
                if (html == last) continue;
                last = html;
                await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(html, WebJson.Default.String)}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left.
        }
        finally
        {
            deployments.Changed -= OnChange;
        }
    }

    /// <summary>The whole page, with the list as it is now.</summary>
    public Task<string> PageAsync(Uri gateway) => RenderAsync<Home>(new(StringComparer.Ordinal)
    {
        [nameof(Home.Deployments)] = Snapshot(),
        [nameof(Home.Gateway)] = gateway,
    });

    private Task<string> ListAsync() => RenderAsync<DeploymentList>(new(StringComparer.Ordinal)
    {
        [nameof(DeploymentList.Deployments)] = Snapshot(),
    });

    private Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
}

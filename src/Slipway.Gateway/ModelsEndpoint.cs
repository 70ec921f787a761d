using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Errors;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway;

/// <summary>Lists the models that requests can ask for, in the shape of OpenAI's API.</summary>
internal sealed class ModelsEndpoint(Router router, KeyCheck keys)
{
    public async Task ListAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var route in router.Current.Routes.Values.DistinctBy(r => r.Model).Where(r => keys.Shows(context, r)).OrderBy(r => r.Model, StringComparer.Ordinal)) Write(writer, route);
        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    public async Task GetAsync(HttpContext context, string model)
    {
        if (!router.Current.Routes.TryGetValue(model, out var route) || !keys.Shows(context, route))
        {
            await OpenAIError.WriteAsync(
                context, StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found", $"There is no model \"{model}\".");
            return;
        }

        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(writer, route);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, Route route)
    {
        writer.WriteStartObject();
        writer.WriteString("id", route.Model);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", route.Created.ToUnixTimeSeconds());
        writer.WriteString("owned_by", route.Deployment);
        writer.WriteBoolean("ready", route.Backends.Length > 0);
        writer.WriteEndObject();
    }
}

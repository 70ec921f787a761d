using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Operator.Devices;

/// <summary>
/// Tries a field: creates an object that has it, as a dry run, and looks whether the answer still has it. Neither a published schema nor strict
/// validation tells: the server drops a field whose feature gate is off without a word.
/// </summary>
/// <param name="Name">What the field is for, with its path.</param>
/// <param name="Collection">Where the object is created.</param>
/// <param name="Object">The object.</param>
/// <param name="Path">Where the field is in it; a number is an index.</param>
internal sealed record FieldProbe(string Name, string Collection, JsonObject Object, params string[] Path)
{
    /// <summary>Tries.</summary>
    public async Task<FieldSupport> TryAsync(KubeClient client, CancellationToken cancellationToken)
    {
        // Strict validation would refuse what a server of another version does not know, which is the same answer in other words.
        using var body = new StringContent(Object.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await client.Connection.Http.PostAsync(new Uri($"{Collection}?dryRun=All&fieldValidation=Ignore", UriKind.Relative), body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK => new(Name, Has(text) ? FieldState.Kept : FieldState.Dropped),
            // Without the field the object makes no sense.
            HttpStatusCode.UnprocessableEntity => new(Name, FieldState.Dropped),
            _ => new(Name, FieldState.Unknown, Message(text) ?? $"the server answers {(int)response.StatusCode}"),
        };
    }

    private bool Has(string text)
    {
        try
        {
            var at = JsonNode.Parse(text);
            foreach (var step in Path) at = at is JsonArray list ? (int.TryParse(step, out var index) && index < list.Count ? list[index] : null) : at is JsonObject ? at[step] : null;
            return at is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Message(string text)
    {
        try
        {
            return (string?)JsonNode.Parse(text)?["message"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

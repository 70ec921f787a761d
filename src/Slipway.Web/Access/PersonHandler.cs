using System.Net.Http.Headers;
using System.Text.Json;

namespace Slipway.Web.Access;

/// <summary>Puts a person's token on each request of theirs, and writes down what it changed and what was refused. Nothing that a person does goes another way.</summary>
/// <param name="session">Whose requests they are.</param>
/// <param name="audit">Where it is written down.</param>
internal sealed class PersonHandler(Session session, Audit audit) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (session.Over.IsCancellationRequested) throw new HttpRequestException("The session is over. Sign in again.");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        var call = ApiCall.Of(request.Method, request.RequestUri!);
        var name = call.Name ?? (call.Verb == "create" ? await NameAsync(request.Content, cancellationToken) : null);
        var response = await base.SendAsync(request, cancellationToken);
        var refused = response.StatusCode is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.Unauthorized;
        if (refused || (call.Changes && !call.IsQuestion))
        {
            audit.Write(new AuditLine(refused ? "refusal" : "change", session.Person.Name, session.From)
            {
                Verb = call.Verb,
                Resource = call.Resource,
                Namespace = call.Namespace,
                Name = name,
                Code = (int)response.StatusCode,
            });
        }

        return response;
    }

    private static async Task<string?> NameAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null) return null;
        try
        {
            using var json = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken));
            return json.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("name", out var name) ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

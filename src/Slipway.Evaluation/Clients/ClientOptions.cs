using System.Text.Json;
using Microsoft.Extensions.AI;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Clients;

/// <summary>How a question is to be answered, as Microsoft.Extensions.AI says it.</summary>
internal static class ClientOptions
{
    /// <exception cref="JsonException">The tools have no form that is known.</exception>
    public static ChatOptions Of(Question question, string? model) => new()
    {
        ModelId = model,
        Temperature = (float?)question.Settings.Temperature,
        TopP = (float?)question.Settings.TopP,
        MaxOutputTokens = question.Settings.MaxTokens,
        Seed = question.Settings.Seed,
        StopSequences = question.Settings.Stop.IsEmpty ? null : [.. question.Settings.Stop],
        Tools = question.Tools is { } tools ? [.. Tools(tools)] : null,
    };

    private static IEnumerable<AITool> Tools(string tools)
    {
        using var list = JsonDocument.Parse(tools);
        foreach (var tool in list.RootElement.EnumerateArray())
        {
            if (!tool.TryGetProperty("function", out var function) || !function.TryGetProperty("name", out var name) || name.GetString() is not { } called) throw new JsonException("a tool without a function that has a name");
            var description = function.TryGetProperty("description", out var words) ? words.GetString() : null;
            var parameters = function.TryGetProperty("parameters", out var schema) ? schema.Clone() : JsonElement.Parse("""{"type":"object","properties":{}}""");
            yield return AIFunctionFactory.CreateDeclaration(called, description, parameters);
        }
    }
}

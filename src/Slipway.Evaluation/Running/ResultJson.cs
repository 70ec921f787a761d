using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Running;

/// <summary>Results as lines of JSON, so that a run that was broken off can be gone on with, and everybody can read what was answered.</summary>
public static class ResultJson
{
    /// <summary>Writes one.</summary>
    /// <param name="result">The result.</param>
    public static JsonObject Write(PromptResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var answer = result.Answer;
        var grades = new JsonArray();
        foreach (var grade in result.Grades) grades.Add((JsonNode)new JsonObject { ["name"] = grade.Name, ["score"] = grade.Score, ["reason"] = grade.Reason });
        var calls = new JsonArray();
        foreach (var call in answer.ToolCalls) calls.Add((JsonNode)new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments });
        return new JsonObject
        {
            ["prompt"] = result.PromptId,
            ["score"] = result.Score,
            ["reason"] = result.Reason,
            ["grades"] = grades,
            ["text"] = answer.Text,
            ["finish"] = answer.FinishReason,
            ["toolCalls"] = calls.Count == 0 ? null : calls,
            ["promptTokens"] = answer.PromptTokens,
            ["completionTokens"] = answer.CompletionTokens,
            ["firstTokenMs"] = answer.FirstToken?.TotalMilliseconds,
            ["elapsedMs"] = answer.Elapsed.TotalMilliseconds,
            ["failure"] = answer.Failure is { } failure ? new JsonObject { ["kind"] = failure.Kind.ToString(), ["reason"] = failure.Reason } : null,
            ["at"] = result.At.ToString("O"),
        };
    }

    /// <summary>Reads one.</summary>
    /// <param name="line">The JSON.</param>
    /// <exception cref="FormatException">It is none of ours.</exception>
    public static PromptResult Read(JsonNode? line)
    {
        try
        {
            var failure = line!["failure"];
            return new PromptResult(
                (string)line["prompt"]!,
                (double?)line["score"],
                (string?)line["reason"] ?? "",
                new Answer
                {
                    Text = (string?)line["text"] ?? "",
                    FinishReason = (string?)line["finish"],
                    ToolCalls = [.. (line["toolCalls"] as JsonArray ?? []).Select(static c => new ToolCall((string)c!["name"]!, (string)c["arguments"]!))],
                    PromptTokens = (int?)line["promptTokens"],
                    CompletionTokens = (int?)line["completionTokens"],
                    FirstToken = (double?)line["firstTokenMs"] is { } first ? TimeSpan.FromMilliseconds(first) : null,
                    Elapsed = TimeSpan.FromMilliseconds((double)line["elapsedMs"]!),
                    Failure = failure is null ? null : new Failure(Enum.Parse<FailureKind>((string)failure["kind"]!), (string)failure["reason"]!),
                },
                [.. ((JsonArray)line["grades"]!).Select(static g => new GraderScore((string)g!["name"]!, (double?)g["score"], (string?)g["reason"] ?? ""))],
                DateTimeOffset.Parse((string)line["at"]!));
        }
        catch (Exception wrong) when (wrong is NullReferenceException or ArgumentException or InvalidOperationException or InvalidCastException or FormatException or JsonException)
        {
            throw new FormatException("That is no result of a prompt.", wrong);
        }
    }
}

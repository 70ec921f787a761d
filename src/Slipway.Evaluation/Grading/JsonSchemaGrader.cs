using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Json;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer is JSON of a schema; see <see cref="JsonSchema"/> for the part of JSON Schema that is taken.</summary>
/// <param name="schema">The schema; null when any JSON will do.</param>
/// <param name="fenced">Whether it may stand in a fenced block of Markdown.</param>
public sealed class JsonSchemaGrader(JsonSchema? schema, bool fenced) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var (node, fenced) = (with.Any("schema"), with.Flag("fenced"));
        with.Done();
        return new JsonSchemaGrader(node is null ? null : JsonSchema.Read(node, (place, what) => with.Problem($"schema{place}", what)), fenced);
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (JsonAnswer.Parse(answer.Text, fenced, out var reason) is not { } found) return Grading.Grade.Wrong(reason);
        return schema?.Check(found) is { } wrong ? Grading.Grade.Wrong(wrong) : Grading.Grade.Right();
    }
}

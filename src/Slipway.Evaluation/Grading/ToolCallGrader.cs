using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Json;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>
/// The answer calls the tools that are expected: <c>{"name": "weather", "arguments": {"city": "Paris"}}</c>, or a list of such calls; an empty list when none is to
/// be called. The score is 1 or 0, or with <c>score: f1</c> the F1 over calls.
/// </summary>
/// <param name="arguments"><c>equal</c>; <c>subset</c> when more than those expected will do; <c>ignore</c> when only names count.</param>
/// <param name="ordered">Whether the calls have to come in the order that is expected.</param>
/// <param name="f1">Whether part of the calls is worth part of the score.</param>
public sealed class ToolCallGrader(string arguments, bool ordered, bool f1) : AnswerGrader
{
    /// <summary>Most calls of an answer.</summary>
    public const int MostCalls = 128;

    internal static IGrader Read(Fields with)
    {
        var grader = new ToolCallGrader(with.Word("arguments", "equal", "subset", "ignore"), with.Flag("ordered"), with.Word("score", "all", "f1") == "f1");
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (expected.Count == 0 || expected.Any(static e => Calls(e) is null)) problem($"needs expected: a call such as {{\"name\": \"f\", \"arguments\": {{}}}}, or a list of at most {MostCalls}; [] for none");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.ToolCalls.Length > MostCalls) return Grading.Grade.Wrong($"calls {answer.ToolCalls.Length} tools, more than {MostCalls}");
        var found = answer.ToolCalls.Select(static c => (c.Name, Arguments: JsonAnswer.Parse(string.IsNullOrWhiteSpace(c.Arguments) ? "{}" : c.Arguments, fenced: false, out _))).ToArray();
        var best = Grading.Grade.Wrong("");
        foreach (var expected in prompt.Expected.Select(static e => Calls(e)!.Value))
        {
            var matched = ordered ? InOrder(expected, found) : InAnyOrder(expected, found);
            var score = expected.Length + found.Length == 0 ? 1 : 2.0 * matched / (expected.Length + found.Length);
            if (score == 1) return Grading.Grade.Right();
            if (best.Reason.Length == 0 || score > best.Score) best = new(score, Reason(expected, found, matched));
        }

        return f1 ? best : Grading.Grade.Wrong(best.Reason);
    }

    private string Reason(ImmutableArray<Call> expected, (string Name, JsonElement? Arguments)[] found, int matched)
    {
        if (expected.Length != found.Length) return $"calls {Names(found.Select(static f => f.Name))}, not {Names(expected.Select(static e => e.Name))}";
        if (expected is [var one]) return Difference(one, found[0])!;
        return $"{matched} of {expected.Length} calls are as expected{(ordered ? " and in order" : "")}: calls {Names(found.Select(static f => f.Name))}";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(10)) is { Length: > 0 } list ? Quote.One(list) : "nothing";

    private string? Difference(Call expected, (string Name, JsonElement? Arguments) found)
    {
        if (expected.Name != found.Name) return $"calls {Quote.One(found.Name)}, not {Quote.One(expected.Name)}";
        if (arguments == "ignore") return null;
        if (found.Arguments is not { } given) return $"the arguments of {expected.Name} are no JSON";
        return JsonDifference.Find(expected.Arguments, given, arguments == "subset") is { } where ? $"{expected.Name}: {where}" : null;
    }

    // The longest run of calls that both have in one order, whatever stands between.
    private int InOrder(ImmutableArray<Call> expected, (string, JsonElement?)[] found)
    {
        var table = new int[expected.Length + 1, found.Length + 1];
        for (var i = 1; i <= expected.Length; i++)
        {
            for (var j = 1; j <= found.Length; j++) table[i, j] = Difference(expected[i - 1], found[j - 1]) is null ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
        }

        return table[expected.Length, found.Length];
    }

    // The most pairs: with subset a call may match several that are expected, and the first that does need not be the one to take.
    private int InAnyOrder(ImmutableArray<Call> expected, (string, JsonElement?)[] found)
    {
        var taken = new int[found.Length];
        Array.Fill(taken, -1);
        return Enumerable.Range(0, expected.Length).Count(i => Place(i, new bool[found.Length]));

        bool Place(int i, bool[] tried)
        {
            for (var j = 0; j < found.Length; j++)
            {
                if (tried[j] || Difference(expected[i], found[j]) is not null) continue;
                tried[j] = true;
                if (taken[j] >= 0 && !Place(taken[j], tried)) continue;
                taken[j] = i;
                return true;
            }

            return false;
        }
    }

    private static ImmutableArray<Call>? Calls(string expected)
    {
        if (JsonAnswer.Parse(expected, fenced: false, out _) is not { } json) return null;
        JsonElement[] list = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        var calls = list.Select(One).OfType<Call>().ToImmutableArray();
        return calls.Length == list.Length && list.Length <= MostCalls ? calls : null;
    }

    private static Call? One(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String) return null;
        var given = call.TryGetProperty("arguments", out var arguments);
        if (call.EnumerateObject().Count() != (given ? 2 : 1) || (given && arguments.ValueKind != JsonValueKind.Object)) return null;
        return new Call(name.GetString()!, given ? arguments : JsonElement.Parse("{}"));
    }

    private sealed record Call(string Name, JsonElement Arguments);
}

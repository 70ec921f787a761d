using System.Collections.Immutable;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Judging;

/// <summary>A model that judges answers. It is a measure with errors of its own: hold it against people's judgement before a decision rests on it alone.</summary>
public sealed class Judge
{
    private readonly IChat _chat;

    private Judge(IChat chat, string model) => (_chat, Model) = (chat, model);

    /// <summary>The judging model's name.</summary>
    public string Model { get; }

    /// <summary>Makes a judge of models.</summary>
    /// <param name="chat">Asks the judging model.</param>
    /// <param name="model">The judging model's name.</param>
    /// <param name="judged">The names of the models that it will judge.</param>
    /// <param name="allowKin">Whether it may judge models of its own family, which it prefers.</param>
    /// <param name="problem">Why there is no judge; empty when there is.</param>
    /// <returns>The judge; null when it may not judge these.</returns>
    public static Judge? Create(IChat chat, string model, IReadOnlyList<string> judged, bool allowKin, out string problem)
    {
        ArgumentNullException.ThrowIfNull(chat);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(judged);
        var kin = allowKin ? null : judged.Select(j => (Model: j, Family: ModelFamily.Shared(model, j))).Where(static j => j.Family is not null).Select(static j => ((string Model, string Family)?)(j.Model, j.Family!)).FirstOrDefault();
        problem = kin is { } found ? $"{model} is not to judge {found.Model}: both are of the family {found.Family}, and models prefer what their own kind wrote. Take a judge of another family, or allow it." : "";
        return kin is null ? new Judge(chat, model) : null;
    }

    internal async Task<Verdict> AskAsync(string task, ImmutableArray<(string Name, string Text)> material, ImmutableArray<string> choices, CancellationToken cancellationToken)
    {
        var request = new JudgeRequest(task, material, choices);
        return request.Read(await _chat.AskAsync(request.ToQuestion(), cancellationToken));
    }

    /// <summary>A conversation as one text.</summary>
    internal static string Text(ImmutableArray<Message> messages) => messages is [{ Role: "user" } only] ? only.Content : string.Join("\n\n", messages.Select(static m => $"{m.Role}: {m.Content}"));

    /// <summary>An answer as one text, its calls of tools with it.</summary>
    internal static string Text(Answer answer) => string.Join('\n', answer.ToolCalls.Select(static c => $"[calls {c.Name} with {c.Arguments}]").Prepend(answer.Text));
}

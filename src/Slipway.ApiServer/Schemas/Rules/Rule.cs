using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>One entry of x-kubernetes-validations, as written.</summary>
internal sealed record Rule(string Expression, string Message, string MessageExpression, string? Reason, string FieldPath, bool? OptionalOldSelf)
{
    public static Rule Read(JsonMap json) => new(
        json.Text("rule") ?? "", json.Text("message") ?? "", json.Text("messageExpression") ?? "", json.Text("reason"), json.Text("fieldPath") ?? "",
        json.At("optionalOldSelf") as bool?);

    /// <summary>Gets what faults of the rule itself call it.</summary>
    public string Title => Message.Length > 0 ? Message.Trim() : Expression.Trim();

    /// <summary>Gets what a value that breaks the rule is told.</summary>
    public string Verdict => Message.Length > 0 ? Message.Trim() : "failed rule: " + Expression.Trim();
}

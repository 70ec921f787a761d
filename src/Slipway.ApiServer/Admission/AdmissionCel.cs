using System.Globalization;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission;

/// <summary>The variables of admission's expressions and the words for what does not compile.</summary>
internal static class AdmissionCel
{
    private static readonly CelType s_groupKind = CelType.Object("kubernetes.GroupVersionKind", Fields(CelType.String, "group", "version", "kind"));
    private static readonly CelType s_groupResource = CelType.Object("kubernetes.GroupVersionResource", Fields(CelType.String, "group", "version", "resource"));
    private static readonly CelType s_texts = CelType.List(CelType.String);

    private static readonly CelType s_user = CelType.Object("kubernetes.UserInfo", new Dictionary<string, CelType>
    {
        ["username"] = CelType.String,
        ["uid"] = CelType.String,
        ["groups"] = s_texts,
        ["extra"] = CelType.Map(CelType.String, s_texts),
    });

    private static readonly CelType s_request = CelType.Object("kubernetes.AdmissionRequest", new Dictionary<string, CelType>(Fields(
        CelType.String, "subResource", "requestSubResource", "name", "namespace", "operation"))
    {
        ["kind"] = s_groupKind,
        ["requestKind"] = s_groupKind,
        ["resource"] = s_groupResource,
        ["requestResource"] = s_groupResource,
        ["userInfo"] = s_user,
        ["dryRun"] = CelType.Bool,
        ["options"] = CelType.Dyn,
    });

    private static readonly CelType s_labels = CelType.Map(CelType.String, CelType.String);

    private static readonly CelType s_namespace = CelType.Object("kubernetes.Namespace", new Dictionary<string, CelType>
    {
        ["metadata"] = CelType.Object("kubernetes.NamespaceMetadata", new Dictionary<string, CelType>(Fields(
            CelType.String, "name", "generateName", "namespace", "UID", "resourceVersion"))
        {
            ["labels"] = s_labels,
            ["annotations"] = s_labels,
            ["finalizers"] = s_texts,
            ["generation"] = CelType.Int,
            ["deletionGracePeriodSeconds"] = CelType.Int,
            ["creationTimestamp"] = CelType.Dyn,
            ["deletionTimestamp"] = CelType.Dyn,
        }),
        ["spec"] = CelType.Object("kubernetes.NamespaceSpec", new Dictionary<string, CelType> { ["finalizers"] = s_texts }),
        ["status"] = CelType.Object("kubernetes.NamespaceStatus", new Dictionary<string, CelType>
        {
            ["phase"] = CelType.String,
            ["conditions"] = CelType.List(CelType.Dyn),
        }),
    });

    /// <summary>Gets what every expression may use.</summary>
    public static CelEnvironment Environment { get; } = CelEnvironment.Kubernetes
        .WithVariable("object", CelType.Dyn)
        .WithVariable("oldObject", CelType.Dyn)
        .WithVariable("namespaceObject", s_namespace)
        .WithVariable("request", s_request);

    /// <summary>Gets <see cref="Environment"/> with the parameters of a binding.</summary>
    public static CelEnvironment WithParams { get; } = Environment.WithVariable("params", CelType.Dyn);

    /// <summary>Compiles an expression that must come to one of some types.</summary>
    public static CelExpression Compile(CelEnvironment environment, string expression, params ReadOnlySpan<CelType> types)
    {
        var compilation = environment.Compile(expression);
        if (!compilation.IsSuccess)
            return new(expression, null, "compilation failed: " + string.Join('\n', compilation.Issues.Select(Show)));
        var found = compilation.Program.Type;
        if (types.Length == 0 || types.Contains(found)) return new(expression, compilation.Program, null);
        var fault = types.Length == 1 ? $"must evaluate to {types[0]} but got {found}" : $"must evaluate to one of [{string.Join(' ', types.ToArray())}] but got {found}";
        return new(expression, compilation.Program, fault);
    }

    // cel-go's form, which the messages of every cluster have.
    private static string Show(CelIssue issue) => string.Create(CultureInfo.InvariantCulture,
        $"ERROR: <input>:{issue.Line}:{issue.Column}: {issue.Message}\n | {issue.Source}\n | {new string('.', issue.Column - 1)}^");

    private static Dictionary<string, CelType> Fields(CelType type, params string[] names) => names.ToDictionary(n => n, _ => type, StringComparer.Ordinal);
}

/// <summary>An expression: its program, or why it has none or may not be used.</summary>
internal sealed record CelExpression(string Text, CelProgram? Program, string? Fault)
{
    /// <summary>Evaluates the expression.</summary>
    /// <returns>The value, or the error in upstream's words.</returns>
    public (CelValue? Value, string? Error) Evaluate(AdmissionActivation activation)
    {
        if (Program is null || Fault is not null) return (null, $"compilation error: {Fault}");
        var result = Program.Evaluate(activation);
        if (result.IsSuccess) return (result.Value, null);
        return (null, result.IsOutOfBudget
            ? "validation failed due to running out of cost budget, no further validation rules will be run"
            : $"expression '{Text}' resulted in error: {activation.Explain(result.Error)}");
    }
}

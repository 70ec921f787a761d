using System.Collections.Frozen;
using Slipway.Cel.Checking;
using Slipway.Cel.Cost;
using Slipway.Cel.Evaluation;
using Slipway.Cel.Functions;
using Slipway.Cel.Libraries;
using Slipway.Cel.Syntax;

namespace Slipway.Cel;

/// <summary>
/// What expressions may use: functions, types and declared variables. Immutable; each With method answers another environment.
/// The language is that of cel-spec's "Language Definition" without protobuf messages.
/// </summary>
public sealed class CelEnvironment
{
    private static readonly FrozenDictionary<string, CelType> s_types = TypeNames.All.ToFrozenDictionary(t => t.Name);

    private Macros _macros;

    private CelEnvironment(FunctionTable functions, Macros macros, bool checksLiterals)
    {
        (Functions, Variables, Container, IsChecked) = (functions, FrozenDictionary<string, CelType>.Empty, "", true);
        (_macros, ChecksLiterals) = (macros, checksLiterals);
    }

    private CelEnvironment(CelEnvironment from)
    {
        (Functions, Variables, Container, IsChecked) = (from.Functions, from.Variables, from.Container, from.IsChecked);
        (_macros, ChecksLiterals) = (from._macros, from.ChecksLiterals);
    }

    /// <summary>The standard definitions and cel-spec's extensions: strings, math, encoders, sets, lists, optionals, bindings, network.</summary>
    public static CelEnvironment Standard { get; } = new(Libraries.Library.Standard(), new Macros(), checksLiterals: false);

    /// <summary>
    /// What a Kubernetes API server's rules may use: the standard definitions, the extensions for strings, sets, lists, optionals and
    /// network, and the libraries of k8s.io/apiserver (url, regex, lists, quantity, format, semver); no math, encoders or bindings.
    /// </summary>
    public static CelEnvironment Kubernetes { get; } =
        new(Libraries.Library.Kubernetes(), new Macros(bindings: false), checksLiterals: true);

    /// <summary>Everything at once: <see cref="Standard"/> and the libraries of <see cref="Kubernetes"/>.</summary>
    public static CelEnvironment Everything { get; } = new(Libraries.Library.Everything(), new Macros(), checksLiterals: false);

    /// <summary>The declared variables' types by name; a name may have dots.</summary>
    public IReadOnlyDictionary<string, CelType> Variables { get; private init; }

    /// <summary>The namespace in which relative names are looked up first; empty for none.</summary>
    public string Container { get; private init; }

    /// <summary>Whether expressions are checked: undeclared names and impossible calls are issues then, and errors of evaluation otherwise.</summary>
    public bool IsChecked { get; private init; }

    internal FunctionTable Functions { get; private init; }

    /// <summary>Whether literals that are no durations or timestamps where these belong are issues, as a Kubernetes API server has it.</summary>
    internal bool ChecksLiterals { get; }

    /// <summary>Declares a variable, in place of one of the same name.</summary>
    public CelEnvironment WithVariable(string name, CelType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        return new(this) { Variables = new Dictionary<string, CelType>(Variables) { [name] = type } };
    }

    /// <summary>Looks relative names up in this namespace and those around it (CEL spec, "Name Resolution").</summary>
    public CelEnvironment WithContainer(string container) => new(this) { Container = container };

    /// <summary>Leaves types to evaluation: any name may be given as a variable.</summary>
    public CelEnvironment WithoutCheck() => new(this) { IsChecked = false };

    internal CelEnvironment WithOverload(Overload overload) => new(this) { Functions = Functions.With(overload) };

    internal CelEnvironment WithMacros(Macros macros) => new(this) { _macros = macros };

    internal static CelType? TypeNamed(string name) => s_types.GetValueOrDefault(name);

    /// <summary>Parses and checks an expression; whatever the text is, the outcome is a value.</summary>
    public CelCompilation Compile(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        try
        {
            var tree = Parser.Parse(expression, _macros);
            var type = CelType.Dyn;
            var planner = new Planner(this);
            Checker? checker = null;
            if (IsChecked)
            {
                checker = new Checker(this);
                type = checker.Check(tree);
                if (checker.Issues.Count > 0) return Failed(expression, checker.Issues);
                planner = new Planner(this, checker.Chosen);
            }

            var node = planner.Plan(tree);
            return planner.Issues.Count > 0 ? Failed(expression, planner.Issues) : new CelCompilation(
                new CelProgram(node, planner.Slots, type, planner.Variables),
                checker is null ? null : root => new CostEstimator(this, checker, root).Estimate(tree));
        }
        catch (SyntaxException e)
        {
            return Failed(expression, [(e.Position, e.Message)]);
        }
    }

    private static CelCompilation Failed(string expression, IReadOnlyList<(int Position, string Message)> issues) =>
        new([.. issues.OrderBy(i => i.Position).Select(i => CelIssue.At(expression, i.Position, i.Message))]);
}

namespace Slipway.Web.Access;

/// <summary>A right, as roles give it.</summary>
/// <param name="Verb">Such as <c>delete</c>.</param>
/// <param name="Group">The API group; empty for the core.</param>
/// <param name="Resource">The resource, with its subresource: <c>pods/log</c>.</param>
public sealed record Right(string Verb, string Group, string Resource)
{
    private const string Shared = "airunway.ai";
    private const string Own = "slipway.dev";

    /// <summary>To see deployments.</summary>
    public static Right SeeDeployments { get; } = new("list", Shared, "modeldeployments");

    /// <summary>To deploy.</summary>
    public static Right Deploy { get; } = new("create", Shared, "modeldeployments");

    /// <summary>To change a manifest.</summary>
    public static Right Change { get; } = new("update", Shared, "modeldeployments");

    /// <summary>To scale.</summary>
    public static Right Scale { get; } = new("patch", Shared, "modeldeployments");

    /// <summary>To delete a deployment.</summary>
    public static Right Delete { get; } = new("delete", Shared, "modeldeployments");

    /// <summary>To see rollouts.</summary>
    public static Right SeeRollouts { get; } = new("list", Own, "modelrollouts");

    /// <summary>To approve and to abort rollouts.</summary>
    public static Right Decide { get; } = new("patch", Own, "modelrollouts");

    /// <summary>To begin rollouts.</summary>
    public static Right BeginRollouts { get; } = new("create", Own, "modelrollouts");

    /// <summary>To delete rollouts.</summary>
    public static Right DeleteRollouts { get; } = new("delete", Own, "modelrollouts");

    /// <summary>To see which suites there are.</summary>
    public static Right SeeSuites { get; } = new("list", Own, "evaluationsuites");

    /// <summary>To see whether models are still as good.</summary>
    public static Right SeeSchedules { get; } = new("list", Own, "evaluationschedules");

    /// <summary>To take what a model is like now for what it is to be like.</summary>
    public static Right AcceptSchedules { get; } = new("patch", Own, "evaluationschedules");

    /// <summary>To see which keys programs have.</summary>
    public static Right SeeKeys { get; } = new("list", Own, "apikeys");

    /// <summary>To make keys.</summary>
    public static Right MakeKeys { get; } = new("create", Own, "apikeys");

    /// <summary>To delete keys.</summary>
    public static Right DeleteKeys { get; } = new("delete", Own, "apikeys");

    /// <summary>To read what engines write, and what was asked and answered.</summary>
    public static Right ReadLogs { get; } = new("get", "", "pods/log");

    /// <summary>To see the runtimes.</summary>
    public static Right SeeRuntimes { get; } = new("list", Shared, "inferenceproviderconfigs");

    /// <summary>To see the machines.</summary>
    public static Right SeeNodes { get; } = new("list", "", "nodes");

    /// <summary>To see what runs on them.</summary>
    public static Right SeePods { get; } = new("list", "", "pods");

    /// <summary>Those that are asked for the whole cluster.</summary>
    internal static IReadOnlyList<Right> OfCluster { get; } = [SeeDeployments, SeeRollouts, SeeSchedules, SeeKeys, SeeRuntimes, SeeNodes, SeePods];

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? $"{Verb} {Resource}" : $"{Verb} {Resource}.{Group}";
}

using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Deployments;

/// <summary>Which deployments are looked at; it stands in the page's address, so that a view can be kept and sent.</summary>
/// <param name="Text">Words in the name or the model; null for any.</param>
/// <param name="State">The state as the page calls it; null for any.</param>
/// <param name="Namespace">The namespace; null for all.</param>
/// <param name="Sort">The column that the list goes by, as <c>cost</c>, or <c>-cost</c> for the largest first; null for namespace and name.</param>
internal sealed record DeploymentFilter(string? Text = null, string? State = null, string? Namespace = null, string? Sort = null)
{
    /// <summary>The states that can be chosen.</summary>
    public static IReadOnlyList<string> States { get; } = ["Running", "Starting", "Waiting", "Failed", "Stopped", "Going"];

    /// <summary>The page's address with it.</summary>
    public string Address
    {
        get
        {
            var parts = new (string Name, string? Value)[] { ("q", Text), ("state", State), ("namespace", Namespace), ("sort", Sort) };
            var query = string.Join('&', parts.Where(static p => p.Value is not null).Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            return query.Length == 0 ? "deployments" : $"deployments?{query}";
        }
    }

    public bool Keeps(ModelDeployment deployment) =>
        (State is null || deployment.State() == State)
        && (Namespace is null || deployment.Metadata.Namespace == Namespace)
        && (Text is null || Has(deployment.Metadata.Name) || Has(deployment.Spec.Model.Id));

    /// <summary>The same list by a column: from the least, from the most when it went so already, and then as ever.</summary>
    public DeploymentFilter By(string column) => this with { Sort = Sort == column ? "-" + column : Sort == "-" + column ? null : column };

    /// <summary>How the list goes by a column, in the words of <c>aria-sort</c>.</summary>
    public string Order(string column) => Sort == column ? "ascending" : Sort == "-" + column ? "descending" : "none";

    /// <summary>Those that it keeps, in its order. What is not known of a deployment comes last.</summary>
    public IReadOnlyList<ModelDeployment> Of(IEnumerable<ModelDeployment> all, Func<ModelDeployment, DeploymentNumbers?> numbers)
    {
        var kept = all.Where(Keeps);
        IComparable? Key(ModelDeployment d) => Sort?.TrimStart('-') switch
        {
            "name" => d.Metadata.Name,
            "state" => d.State(),
            "model" => d.ModelName(),
            "replicas" => d.Status?.Replicas?.Ready ?? 0,
            "traffic" => numbers(d)?.RequestsPerMinute,
            "cost" => numbers(d)?.PerHour?.Amount,
            "age" => d.Metadata.CreationTimestamp is { } at ? -at.UtcTicks : null,
            _ => null,
        };
        if (Sort is null) return [.. kept];
        var keyed = kept.Select(d => (Deployment: d, Key: Key(d))).OrderBy(static d => d.Key is null);
        var order = Comparer<IComparable?>.Create(static (a, b) => a is string x && b is string y ? string.CompareOrdinal(x, y) : Comparer<IComparable?>.Default.Compare(a, b));
        return [.. (Sort[0] == '-' ? keyed.ThenByDescending(static d => d.Key, order) : keyed.ThenBy(static d => d.Key, order)).Select(static d => d.Deployment)];
    }

    private bool Has(string? where) => where?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}

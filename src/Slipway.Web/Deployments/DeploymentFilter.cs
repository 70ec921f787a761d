using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Deployments;

/// <summary>Which deployments are looked at; it stands in the page's address, so that a view can be kept and sent.</summary>
/// <param name="Text">Words in the name or the model; null for any.</param>
/// <param name="State">The state as the page calls it; null for any.</param>
/// <param name="Namespace">The namespace; null for all.</param>
internal sealed record DeploymentFilter(string? Text = null, string? State = null, string? Namespace = null)
{
    /// <summary>The states that can be chosen.</summary>
    public static IReadOnlyList<string> States { get; } = ["Running", "Starting", "Waiting", "Failed", "Stopped", "Going"];

    public bool IsEmpty => Text is null && State is null && Namespace is null;

    /// <summary>The page's address with it.</summary>
    public string Address
    {
        get
        {
            var parts = new (string Name, string? Value)[] { ("q", Text), ("state", State), ("namespace", Namespace) };
            var query = string.Join('&', parts.Where(static p => p.Value is not null).Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            return query.Length == 0 ? "deployments" : $"deployments?{query}";
        }
    }

    public bool Keeps(ModelDeployment deployment) =>
        (State is null || deployment.State() == State)
        && (Namespace is null || deployment.Metadata.Namespace == Namespace)
        && (Text is null || Has(deployment.Metadata.Name) || Has(deployment.Spec.Model.Id));

    private bool Has(string? where) => where?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}

namespace Slipway.Api.Schemas;

/// <summary>Declares a record as a Kubernetes custom resource, from which its CustomResourceDefinition is made.</summary>
/// <param name="group">The API group.</param>
/// <param name="version">The version, such as `v1alpha1`.</param>
/// <param name="kind">The kind.</param>
/// <param name="plural">The resource's name in paths.</param>
/// <param name="singular">The resource's singular name.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceAttribute(string group, string version, string kind, string plural, string singular) : Attribute
{
    /// <summary>The API group.</summary>
    public string Group { get; } = group;

    /// <summary>The version.</summary>
    public string Version { get; } = version;

    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>The resource's name in paths.</summary>
    public string Plural { get; } = plural;

    /// <summary>The resource's singular name.</summary>
    public string Singular { get; } = singular;

    /// <summary>Whether objects belong to no namespace.</summary>
    public bool ClusterScoped { get; init; }

    /// <summary>Short names for the command line.</summary>
    public string[] ShortNames { get; init; } = [];

    /// <summary>Where the wanted replica count is, for the scale subresource; none when absent.</summary>
    public string? SpecReplicasPath { get; init; }

    /// <summary>Where the observed replica count is, for the scale subresource.</summary>
    public string? StatusReplicasPath { get; init; }
}

/// <summary>A column of `kubectl get`.</summary>
/// <param name="name">The column's heading.</param>
/// <param name="jsonPath">Where its value is.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    /// <summary>The column's heading.</summary>
    public string Name { get; } = name;

    /// <summary>Where its value is.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>The value's type: string, integer, boolean, number or date.</summary>
    public string Type { get; init; } = "string";

    /// <summary>What the column shows.</summary>
    public string? Description { get; init; }

    /// <summary>0 is always shown; higher ones only with `-o wide`.</summary>
    public int Priority { get; init; }
}

using System.ComponentModel.DataAnnotations;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>Where a suite's prompts are, a JSON object on each line with the fields of an entry of `spec.prompts`.</summary>
[SchemaRule("has(self.configMap) != has(self.oci)", "prompts are in a ConfigMap or in an OCI artifact")]
public sealed record SuiteSource
{
    /// <summary>A ConfigMap of the same namespace. When it is changed the suite has another digest, and rollouts that ask it end.</summary>
    public ConfigMapSource? ConfigMap { get; init; }

    /// <summary>An artifact of a registry that asks for no name, by its digest: `registry.example/suites/support@sha256:…`, with one layer that is the lines as they are.</summary>
    [MaxLength(512)]
    [RegularExpression("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$")]
    public string? Oci { get; init; }
}

/// <summary>A text in a ConfigMap.</summary>
public sealed record ConfigMapSource
{
    /// <summary>The ConfigMap's name.</summary>
    [MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>The key of the text.</summary>
    [MaxLength(253)]
    [SchemaDefault("prompts.jsonl")]
    public string? Key { get; init; }
}

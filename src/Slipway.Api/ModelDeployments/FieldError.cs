namespace Slipway.Api.ModelDeployments;

/// <summary>One thing that is wrong with a manifest.</summary>
/// <param name="Path">Which field, such as `spec.scaling.replicas`.</param>
/// <param name="Message">What is wrong with it and what to do.</param>
public sealed record FieldError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

namespace Slipway.Models.Memory;

/// <summary>How one replica is spread over devices.</summary>
/// <param name="Tensor">Devices that share each layer.</param>
/// <param name="Pipeline">Stages, each with a part of the layers.</param>
/// <param name="Experts">Whether experts are dealt out whole over the devices of a stage, instead of being cut like other layers.</param>
public sealed record Layout(int Tensor = 1, int Pipeline = 1, bool Experts = false)
{
    /// <summary>One device.</summary>
    public static Layout Single { get; } = new();

    /// <summary>Devices of a replica.</summary>
    public int Devices => Tensor * Pipeline;

    /// <inheritdoc/>
    public override string ToString() => $"{Devices} x (tensor {Tensor}, pipeline {Pipeline}{(Experts ? ", experts dealt out" : "")})";
}

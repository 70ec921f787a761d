using Slipway.Models.Hardware;

namespace Slipway.Models.Memory;

/// <summary>The devices of one kind on one node.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Accelerator">The kind.</param>
/// <param name="Free">Devices that nobody has claimed.</param>
/// <param name="Total">Devices that the node has.</param>
public sealed record NodeAccelerators(string Node, Accelerator Accelerator, int Free, int Total);

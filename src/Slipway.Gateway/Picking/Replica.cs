using System.Runtime.InteropServices;

namespace Slipway.Gateway.Picking;

/// <summary>What picking goes by of one engine.</summary>
/// <param name="InFlight">Requests that it works on.</param>
/// <param name="Known">Blocks of the prompt that it is likely to have in its cache.</param>
/// <param name="State">Whether it is given requests.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Replica(int InFlight, int Known, BreakerState State);

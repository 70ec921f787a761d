using System.CommandLine;

namespace Slipway.Commands.Dra;

/// <summary>`slipway dra`: dynamic resource allocation.</summary>
internal static class DraCommand
{
    public static Command Create() => new("dra", "Try dynamic resource allocation, by which pods claim devices for what they are.")
    {
        SimulateCommand.Create(),
    };
}

using System.CommandLine;

namespace Slipway.Commands.Dra;

/// <summary>`slipway dra`: dynamic resource allocation.</summary>
internal static class DraCommand
{
    public static Command Create() => new ExampledCommand(
        "dra",
        "Dynamic resource allocation, by which pods claim devices for what they are: try it, and watch devices.",
        """
          slipway dra simulate --accelerator h100 --nodes 4 --per-node 8
          slipway dra simulate --remove
          slipway dra monitor --once
        """)
    {
        SimulateCommand.Create(), MonitorCommand.Create(),
    };
}

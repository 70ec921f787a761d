using System.CommandLine;

namespace Slipway.Commands.Models;

/// <summary>`slipway models`.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "What a model is, where it fits, how fast it will be and what it will cost, before it runs.")
    {
        ShowCommand.Create(),
        PlanCommand.Create(),
    };
}

using System.CommandLine;

namespace Slipway.Commands.Models;

/// <summary>`slipway models`.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new ExampledCommand(
        "models",
        "What a model is, where it fits, how fast it will be and what it will cost, before it runs.",
        """
          slipway models search qwen3 --task chat
          slipway models show Qwen/Qwen3-8B
          slipway models plan Qwen/Qwen3-32B --itl 40ms --concurrency 32
        """)
    {
        SearchCommand.Create(),
        ShowCommand.Create(),
        PlanCommand.Create(),
    };
}

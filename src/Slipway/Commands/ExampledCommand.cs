using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampledCommand(string name, string description, string examples) : Command(name, description)
{
    public string Examples { get; } = examples;

    /// <summary>Makes the help of every command under a root show its examples.</summary>
    public static RootCommand ShowExamples(RootCommand root, string examples)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
        return root;
    }

    private sealed class HelpWithExamples(HelpAction usual, string ofRoot) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var result = usual.Invoke(parseResult);
            var examples = parseResult.CommandResult.Command switch
            {
                ExampledCommand command => command.Examples,
                RootCommand => ofRoot,
                _ => null,
            };
            if (examples is not null) parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}\n");
            return result;
        }
    }
}

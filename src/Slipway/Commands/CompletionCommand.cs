using System.CommandLine;

namespace Slipway.Commands;

/// <summary>`slipway completion`: shell scripts over the parser's own `[suggest]` directive.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ExampledCommand(
            "completion",
            "Print the completion script of a shell.",
            """
              source <(slipway completion bash)
              slipway completion zsh > "${fpath[1]}/_slipway"
              slipway completion fish > ~/.config/fish/completions/slipway.fish
            """)
        {
            shell,
        };
        command.SetAction(parse => Console.Out.Write(parse.GetValue(shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Bash,
        }));
        return command;
    }

    private const string Bash =
        """
        _slipway() {
            local line=${COMP_LINE#* }
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - ${#COMP_WORDS[0]} - 1))]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _slipway slipway ./slipway

        """;

    private const string Zsh =
        """
        #compdef slipway
        _slipway() {
            local -a found
            found=("${(@f)$(${words[1]} "[suggest:$((CURSOR - ${#words[1]} - 1))]" "${BUFFER#* }" 2>/dev/null)}")
            compadd -a found
        }
        compdef _slipway slipway

        """;

    private const string Fish =
        """
        complete -f -c slipway -a '(set -l line (commandline -cp | string replace -r "^\S+ " ""); slipway "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'

        """;
}

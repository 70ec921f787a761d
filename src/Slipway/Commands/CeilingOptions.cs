using System.CommandLine;

namespace Slipway.Commands;

/// <summary>`--max-replicas` and `--max-gpus`: how much one deployment may ask for.</summary>
internal static class CeilingOptions
{
    public static (Option<int?> Replicas, Option<int?> Gpus) Create() => (
        Limit("--max-replicas", "The most replicas of one deployment (default: no limit)"),
        Limit("--max-gpus", "The most GPUs of one deployment, all its replicas together (default: no limit)"));

    private static Option<int?> Limit(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var limit) || limit < 1)) result.AddError($"{name} takes a number from 1, not \"{text}\".");
        });
        return option;
    }
}

using System.Globalization;
using Slipway.Capacity.Answers.Models;

namespace Slipway.Commands.Models;

/// <summary>The load that an estimate is for, in words.</summary>
internal static class Load
{
    public static string Of(TrafficFact traffic) => string.Create(
        CultureInfo.InvariantCulture, $"{traffic.Concurrency} at a time, prompts of {traffic.PromptTokens} and answers of {traffic.OutputTokens} tokens");
}

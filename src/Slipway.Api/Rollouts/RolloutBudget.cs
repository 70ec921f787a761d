using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Slipway.Api.Rollouts;

/// <summary>What a rollout may spend before somebody is asked. What is used up makes it wait, and is never a pass; each approval allows the same again.</summary>
public sealed record RolloutBudget
{
    /// <summary>Requests that gates, parity and recorded shadow steps ask: of both sides, and of a judge. One that is asked again because nobody could answer counts again.</summary>
    [Range(1, 1_000_000_000)]
    public long? Requests { get; init; }

    /// <summary>Tokens of those requests, prompts and answers, as engines count them. Of an engine that does not say, a prompt counts its bytes and an answer the most that it may have.</summary>
    [Range(1, 1_000_000_000_000)]
    public long? Tokens { get; init; }

    /// <summary>What the accelerators of the candidate and its control replica cost while the rollout is under way, USD. Takes a known price of every node that they may come to.</summary>
    [Range(0.01, 100_000_000)]
    public double? Money { get; init; }

    /// <summary>Accelerators of the candidate and its control replica, times the seconds that they have them.</summary>
    [Range(1, 1_000_000_000_000)]
    public double? AcceleratorSeconds { get; init; }

    /// <summary>What of it is used, as in "120 of 500 requests, 3.2 of 5 USD".</summary>
    /// <param name="used">What was used; null for nothing yet.</param>
    /// <returns>Each limit beside what was used since the last approval; empty where nothing is limited.</returns>
    public string Say(BudgetUsed? used)
    {
        var since = used?.SinceApproval() ?? new BudgetAmounts();
        return string.Join(", ", new[]
        {
            Requests is { } requests ? $"{since.Requests} of {requests} requests" : null,
            Tokens is { } tokens ? $"{since.Tokens} of {tokens} tokens" : null,
            Money is { } money ? string.Create(CultureInfo.InvariantCulture, $"{since.Money:0.00} of {money:0.##} USD") : null,
            AcceleratorSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{since.AcceleratorSeconds:0} of {seconds:0} accelerator seconds") : null,
        }.OfType<string>());
    }

    /// <summary>Names the limit that is reached; null while none is.</summary>
    /// <param name="used">What was used.</param>
    public string? Exhausted(BudgetUsed? used)
    {
        var since = used?.SinceApproval() ?? new BudgetAmounts();
        return since.Requests >= Requests ? nameof(Requests) : since.Tokens >= Tokens ? nameof(Tokens) : since.Money >= Money ? nameof(Money) : since.AcceleratorSeconds >= AcceleratorSeconds ? nameof(AcceleratorSeconds) : null;
    }
}

/// <summary>Amounts that were spent.</summary>
public record BudgetAmounts
{
    /// <summary>Requests.</summary>
    public long Requests { get; init; }

    /// <summary>Tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>USD.</summary>
    public double Money { get; init; }

    /// <summary>Accelerators times seconds.</summary>
    public double AcceleratorSeconds { get; init; }
}

/// <summary>What a rollout has spent: never less, but for what the gates asked within the pass that a crash took away.</summary>
public sealed record BudgetUsed : BudgetAmounts
{
    /// <summary>Until when accelerators are counted.</summary>
    public DateTimeOffset? CountedUntil { get; init; }

    /// <summary>What had been spent when more was last approved.</summary>
    public BudgetAmounts? Approved { get; init; }

    /// <summary>What was spent since more was last approved.</summary>
    public BudgetAmounts SinceApproval() => Approved is not { } before ? this : new BudgetAmounts
    {
        Requests = Requests - before.Requests,
        Tokens = Tokens - before.Tokens,
        Money = Money - before.Money,
        AcceleratorSeconds = AcceleratorSeconds - before.AcceleratorSeconds,
    };
}

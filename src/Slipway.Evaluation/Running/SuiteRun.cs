using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Running;

/// <summary>Asks prompts, several at a time, and hands on what came of them in the order in which they were drawn, however long each took.</summary>
/// <remarks>
/// The order matters: an answer that comes fast is not like one that comes slowly, so that evidence gathered in the order of arrival, and looked at meanwhile, would favour the quick.
/// </remarks>
public static class SuiteRun
{
    /// <summary>Asks one model.</summary>
    /// <param name="prompts">The prompts, in the order drawn.</param>
    /// <param name="ask">Asks and grades one.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<(Prompt Prompt, T Result)> InOrderAsync<T>(
        ImmutableArray<Prompt> prompts, Func<Prompt, CancellationToken, Task<T>> ask, int concurrency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<(Prompt Prompt, Task<T> Task)>();
        var next = 0;
        try
        {
            while (next < prompts.Length || running.Count > 0)
            {
                while (running.Count < concurrency && next < prompts.Length)
                {
                    var prompt = prompts[next++];
                    running.Enqueue((prompt, ask(prompt, stop.Token)));
                }

                var (first, task) = running.Peek();
                var result = await task;
                running.Dequeue();
                yield return (first, result);
            }
        }
        finally
        {
            // Whoever listened has heard enough: what is still asked is given up, and looked after to its end.
            await stop.CancelAsync();
            foreach (var (_, task) in running) await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Slipway.Evaluation.Running;

/// <summary>Asks prompts, several at a time, and hands on what came of them in the order in which they were drawn, however long each took.</summary>
/// <remarks>
/// The order matters: an answer that comes fast is not like one that comes slowly, so that evidence gathered in the order of arrival, and looked at meanwhile, would favour the quick.
/// </remarks>
public static class SuiteRun
{
    /// <summary>Asks.</summary>
    /// <param name="items">The prompts, or clusters of them, in the order drawn.</param>
    /// <param name="ask">Asks and grades one.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<(TItem Item, TResult Result)> InOrderAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, CancellationToken, Task<TResult>> ask, int concurrency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<(TItem Item, Task<TResult> Task)>();
        var next = 0;
        try
        {
            while (next < items.Count || running.Count > 0)
            {
                while (running.Count < concurrency && next < items.Count)
                {
                    var item = items[next++];
                    running.Enqueue((item, ask(item, stop.Token)));
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

using CsCheck;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Web.Tests.Deployments.Logs;

public sealed class LogTailTests
{
    [Fact]
    public void However_lines_come_the_newest_are_kept_and_counted() =>
        Gen.Int[0, 1500].Array[0, 6].Sample(batches =>
        {
            var tail = new LogTail();
            var all = new List<string>();
            foreach (var size in batches)
            {
                List<LogLine> batch = [.. Enumerable.Range(all.Count, size).Select(static n => new LogLine(0, $"{n}"))];
                all.AddRange(batch.Select(static l => l.Text));
                tail.Add(batch);
            }

            return tail.Lines.Select(static l => l.Text).SequenceEqual(all.TakeLast(LogTail.MostLines))
                && tail.Lines.Select(static l => l.Number).SequenceEqual(Enumerable.Range(0, all.Count).TakeLast(LogTail.MostLines).Select(static n => (long)n))
                && tail.Dropped == Math.Max(0, all.Count - LogTail.MostLines);
        });
}

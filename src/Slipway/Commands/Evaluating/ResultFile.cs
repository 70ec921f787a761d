using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Running;

namespace Slipway.Commands.Evaluating;

/// <summary>
/// Results in a file, a JSON object a line, written as they come: a run that was broken off goes on where it was. The first line says which run they are of, and results of another
/// one are not taken for this one's.
/// </summary>
internal sealed class ResultFile : IDisposable
{
    private readonly StreamWriter? _writer;
    private readonly Dictionary<(string Model, string Prompt), PromptResult> _known = [];

    private ResultFile(StreamWriter? writer) => _writer = writer;

    /// <summary>How many results an earlier run left.</summary>
    public int Known => _known.Count;

    /// <summary>Opens one.</summary>
    /// <param name="path">The file; null for results that are kept nowhere.</param>
    /// <param name="run">What decides the results: suite, models, settings.</param>
    /// <exception cref="CommandFailure">The file is of another run, or cannot be written.</exception>
    public static ResultFile Open(string? path, JsonObject run)
    {
        if (path is null) return new ResultFile(null);
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var file = new ResultFile(new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true });
            file.Take(path, stream, run);
            return file;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"Results cannot be kept in {path}: {unusable.Message}");
        }
    }

    /// <summary>What an earlier run found for a prompt; null when it has to be asked. What was missing is asked again.</summary>
    public PromptResult? Find(string model, string prompt) => _known.GetValueOrDefault((model, prompt));

    /// <summary>Keeps a result.</summary>
    public void Add(string model, PromptResult result)
    {
        if (_writer is null) return;
        var line = ResultJson.Write(result);
        line.Insert(0, "model", model);
        lock (_known) _writer.WriteLine(line.ToJsonString());
    }

    public void Dispose() => _writer?.Dispose();

    private void Take(string path, FileStream stream, JsonObject run)
    {
        if (stream.Length == 0)
        {
            _writer!.WriteLine(run.ToJsonString());
            return;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        // A line without an end is one that a crash cut off: what it was about is asked again.
        var whole = text.LastIndexOf('\n') + 1;
        stream.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
        stream.Position = stream.Length;
        var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (lines.Length == 0) _writer!.WriteLine(run.ToJsonString());
            else if (!JsonNode.DeepEquals(JsonNode.Parse(lines[0]), run))
                throw new CommandFailure(ExitCodes.Failed, $"{path} has results of another run: {lines[0]}\nName another file, or remove it.");
            foreach (var line in lines.Skip(1))
            {
                var node = JsonNode.Parse(line)!;
                var result = ResultJson.Read(node);
                if (!result.IsMissing) _known[((string)node["model"]!, result.PromptId)] = result;
            }
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"{path} is no file of results: {wrong.Message}");
        }
    }
}

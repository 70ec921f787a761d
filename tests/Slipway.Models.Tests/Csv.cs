using System.Text;

namespace Slipway.Models.Tests;

/// <summary>Reads the tables of facts that lie beside the repository.</summary>
internal static class Csv
{
    /// <summary>A path in the folder "shared" beside the checkout, or in the one that SLIPWAY_SHARED names.</summary>
    public static string Shared(params string[] parts) =>
        Path.Combine([Environment.GetEnvironmentVariable("SLIPWAY_SHARED") ?? Path.Combine(Root(), "..", "shared"), .. parts]);

    /// <summary>Rows by column; quoted fields may hold commas and doubled quotes.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path)
    {
        var lines = File.ReadLines(path).Where(static l => l.Length > 0).Select(Fields);
        string[]? header = null;
        foreach (var fields in lines)
        {
            if (header is null) header = fields;
            else yield return header.Zip(fields).ToDictionary(static p => p.First, static p => p.Second, StringComparer.Ordinal);
        }
    }

    private static string[] Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted) Next();
            else field.Append(line[i]);
        }

        Next();
        return [.. fields];

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }

    /// <summary>The repository.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        throw new InvalidOperationException("slipway.slnx is in no folder above the tests");
    }
}

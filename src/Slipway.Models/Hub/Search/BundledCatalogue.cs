using System.Globalization;

namespace Slipway.Models.Hub.Search;

/// <summary>Some well-known models with what is known of them, for when there is no network. Each row of its file has a source and a date.</summary>
internal static class BundledCatalogue
{
    private const string Name = "model-catalogue.csv";

    private static readonly Lazy<IReadOnlyList<(FoundModel Model, DateOnly Taken)>> s_rows = new(Load);

    /// <summary>The models by id.</summary>
    public static IEnumerable<FoundModel> Models => s_rows.Value.Select(static r => r.Model);

    /// <summary>The day of the newest row.</summary>
    public static DateTimeOffset Written => new(s_rows.Value.Max(static r => r.Taken), TimeOnly.MinValue, TimeSpan.Zero);

    private static List<(FoundModel Model, DateOnly Taken)> Load()
    {
        using var text = new StreamReader(typeof(BundledCatalogue).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is no data file of this assembly."));
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static l => !l.StartsWith('#'));
        return [.. lines.Skip(1).Select(static l => Row(l.Split(',')))];
    }

    // id,task,architecture,quantisation,parameters,parameters_source,weight_bytes,source,taken
    private static (FoundModel Model, DateOnly Taken) Row(string[] f)
    {
        var model = new FoundModel
        {
            Id = f[0],
            PageAddress = new Uri("https://huggingface.co/" + f[0]),
            Task = Text(f[1]),
            Architecture = Text(f[2]),
            Quantisation = Text(f[3]),
            Parameters = Number(f[4]),
            ParametersSource = Text(f[5]),
            WeightBytes = Number(f[6]),
        };
        return (model, DateOnly.ParseExact(f[8], "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static string? Text(string field) => field.Length == 0 ? null : field;

    private static long? Number(string field) => field.Length == 0 ? null : long.Parse(field, CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>Reads schedules in five fields or a descriptor, as CronJobs have them (crontab(5)), and says what is wrong in upstream's words.</summary>
internal static class CronSchedule
{
    private static readonly string[] s_descriptors = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

    private static readonly (int Least, int Most, string[] Names)[] s_fields =
    [
        (0, 59, []), (0, 23, []), (1, 31, []),
        (1, 12, ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        (0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>Gets what is wrong with a schedule, or <see langword="null"/>.</summary>
    public static string? Fault(string schedule)
    {
        if (schedule[0] == '@') return Descriptor(schedule);
        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != s_fields.Length)
            return string.Create(CultureInfo.InvariantCulture, $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        for (var i = 0; i < fields.Length; i++)
            foreach (var part in fields[i].Split(',', StringSplitOptions.RemoveEmptyEntries))
                if (Part(part, s_fields[i]) is { } fault) return fault;
        return null;
    }

    private static string? Descriptor(string schedule)
    {
        const string Every = "@every ";
        if (s_descriptors.Contains(schedule)) return null;
        if (!schedule.StartsWith(Every, StringComparison.Ordinal)) return $"unrecognized descriptor: {schedule}";
        return Cel.CelValue.ParseDuration(schedule[Every.Length..]) is null ? $"failed to parse duration {schedule}" : null;
    }

    private static string? Part(string part, (int Least, int Most, string[] Names) field)
    {
        var steps = part.Split('/');
        var ends = steps[0].Split('-');
        var (least, most) = (field.Least, field.Most);
        if (ends[0] is not ("*" or "?"))
        {
            if (Number(ends[0], field.Names, out least) is { } fault) return fault;
            most = least;
            if (ends.Length == 2 && Number(ends[1], field.Names, out most) is { } wrong) return wrong;
            if (ends.Length > 2) return $"too many hyphens: {part}";
        }

        var step = 1;
        if (steps.Length == 2)
        {
            if (Number(steps[1], [], out step) is { } fault) return fault;
            if (ends.Length == 1) most = field.Most;
        }

        if (steps.Length > 2) return $"too many slashes: {part}";
        if (least < field.Least) return string.Create(CultureInfo.InvariantCulture, $"beginning of range ({least}) below minimum ({field.Least}): {part}");
        if (most > field.Most) return string.Create(CultureInfo.InvariantCulture, $"end of range ({most}) above maximum ({field.Most}): {part}");
        if (least > most) return string.Create(CultureInfo.InvariantCulture, $"beginning of range ({least}) beyond end of range ({most}): {part}");
        return step == 0 ? $"step of range should be a positive number: {part}" : null;
    }

    private static string? Number(string text, string[] names, out int number)
    {
        number = Array.IndexOf(names, text.ToLowerInvariant());
        if (number >= 0 && text.Length > 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? null : $"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax";
    }
}

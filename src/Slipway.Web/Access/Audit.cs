using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Slipway.Web.Access;

/// <summary>Writes down who came, what they changed and what they were refused: one line of JSON each, and no secret in it.</summary>
/// <param name="loggers">The logs.</param>
/// <param name="time">The clock.</param>
internal sealed partial class Audit(ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>The category of its lines.</summary>
    public const string Category = "Slipway.Audit";

    private readonly ILogger _log = loggers.CreateLogger(Category);

    /// <summary>Writes a line.</summary>
    /// <param name="line">The line; its time is set here.</param>
    public void Write(AuditLine line)
    {
        if (!_log.IsEnabled(LogLevel.Information)) return;
        var text = JsonSerializer.Serialize(line with { Time = time.GetUtcNow() }, AuditJson.Default.AuditLine);
        LogLine(_log, text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void LogLine(ILogger logger, string line);
}

/// <summary>A line of it.</summary>
/// <param name="Event"><c>sign-in</c>, <c>sign-in-refused</c>, <c>session-end</c>, <c>change</c> or <c>refusal</c>.</param>
/// <param name="User">Who, by the API's name for them; null when nobody knows.</param>
/// <param name="From">The address that they came from.</param>
internal sealed record AuditLine(string Event, string? User, string From)
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>What was to be done.</summary>
    public string? Verb { get; init; }

    /// <summary>With what.</summary>
    public string? Resource { get; init; }

    /// <summary>In which namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>With which object.</summary>
    public string? Name { get; init; }

    /// <summary>The API's answer, or the page's, as an HTTP status.</summary>
    public int? Code { get; init; }

    /// <summary><c>oidc</c> where an OpenID provider said who they are; null for a token that they brought.</summary>
    public string? By { get; init; }

    /// <summary>Why, where it is no matter of the status alone.</summary>
    public string? Reason { get; init; }
}

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditJson : JsonSerializerContext;

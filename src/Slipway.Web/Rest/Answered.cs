using Slipway.Models.Store;

namespace Slipway.Web.Rest;

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="Value">The answer; null when there is none.</param>
/// <param name="Error">Why not, and what to do; null when there is one.</param>
public sealed record Answered<T>(T? Value, ModelError? Error)
    where T : class;

using System.Runtime.InteropServices;

namespace Slipway.Gateway.Metering;

/// <summary>What the bytes of an answer told, without being understood.</summary>
/// <param name="Streamed">Whether it is a stream of events.</param>
/// <param name="First">The time stamp of the first event with a token; 0 for none.</param>
/// <param name="Last">The time stamp of the last one.</param>
/// <param name="Events">How many there were.</param>
/// <param name="Usage">What the engine says of tokens.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Failed">Whether the stream's last event is an error.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerFigures(bool Streamed, long First, long Last, long Events, TokenUsage Usage, long Bytes, bool Failed);

/// <summary>What an engine says of an answer's tokens.</summary>
/// <param name="In">Tokens of the prompt.</param>
/// <param name="Cached">Those of them that were in a cache.</param>
/// <param name="Out">Tokens of the answer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenUsage(long? In, long? Cached, long? Out);

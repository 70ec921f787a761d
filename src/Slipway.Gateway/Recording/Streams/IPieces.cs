using System.Text.Json.Nodes;

namespace Slipway.Gateway.Recording.Streams;

/// <summary>The pieces of one API's stream.</summary>
internal interface IPieces
{
    /// <summary>Takes the next event.</summary>
    /// <param name="said">Its data.</param>
    /// <returns>Whether it is one of such a stream, and tells of no failure.</returns>
    bool Take(JsonObject said);

    /// <summary>The answer as it would have come whole; null where there is none, or not all of it.</summary>
    JsonObject? Whole();
}

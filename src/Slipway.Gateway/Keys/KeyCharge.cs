using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Metering;

namespace Slipway.Gateway.Keys;

/// <summary>What a request takes of its key's tokens.</summary>
internal sealed class KeyCharge
{
    // Where the engine says nothing of the prompt: about what text of Europe's languages comes to.
    private const int BytesPerToken = 4;

    /// <summary>Tokens of the prompt.</summary>
    public long In { get; private set; }

    /// <summary>Tokens of the answer.</summary>
    public long Out { get; private set; }

    /// <summary>Takes what an answer came to; of two deployments that were asked for it, that of the last.</summary>
    public void Take(HttpContext context, in AnswerFigures answer)
    {
        var answered = answer.Usage.Out ?? answer.Events;
        // An engine that had nothing to say did nothing for its prompt.
        In = answer.Usage.In ?? (answered > 0 ? (context.Request.ContentLength ?? 0) / BytesPerToken : 0);
        Out = answered;
    }
}

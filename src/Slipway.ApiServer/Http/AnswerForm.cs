using Microsoft.AspNetCore.Http;

namespace Slipway.ApiServer.Http;

/// <summary>The shape in which a client wants objects.</summary>
internal enum AnswerShape
{
    Object,
    Table,
    PartialMetadata,
}

/// <summary>The form of an answer, chosen from the Accept header; the first clause that the server can serve wins.</summary>
internal readonly record struct AnswerForm(AnswerShape Shape, string MetaVersion)
{
    public const string Offered = "application/json";

    public static AnswerForm Choose(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0) return default;
        foreach (var clause in accept.Split(','))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*")) continue;
            string shape = "", version = "", group = "";
            foreach (var part in parts.AsSpan(1))
            {
                if (part.StartsWith("as=", StringComparison.Ordinal)) shape = part[3..];
                else if (part.StartsWith("v=", StringComparison.Ordinal)) version = part[2..];
                else if (part.StartsWith("g=", StringComparison.Ordinal)) group = part[2..];
            }

            if (shape.Length == 0) return default;
            if (group != "meta.k8s.io" || version is not ("v1" or "v1beta1")) continue;
            if (shape == "Table") return new(AnswerShape.Table, version);
            if (shape is "PartialObjectMetadata" or "PartialObjectMetadataList") return new(AnswerShape.PartialMetadata, version);
        }

        throw Errors.NotAcceptable(Offered);
    }
}

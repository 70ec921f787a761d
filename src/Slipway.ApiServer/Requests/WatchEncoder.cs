using System.Buffers;
using System.Text;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Tables;

namespace Slipway.ApiServer.Requests;

/// <summary>Writes watch events in the form that one client asked for.</summary>
internal sealed class WatchEncoder(ApiRequest request, AnswerForm form, TimeProvider time)
{
    private bool _columnsSent;

    public void Write(IBufferWriter<byte> output, string type, StoredObject item)
    {
        if (form.Shape is AnswerShape.Object)
        {
            Raw(output, type, Presenter.Bytes(item, request.Type, request.Version));
            return;
        }

        Raw(output, type, Shape(Presenter.Value(item, request.Type, request.Version)));
    }

    public void Bookmark(IBufferWriter<byte> output, long revision, bool endOfInitial)
    {
        var metadata = new JsonMap { ["resourceVersion"] = Revisions.Text(revision), ["creationTimestamp"] = null };
        if (endOfInitial) metadata["annotations"] = new JsonMap { ["k8s.io/initial-events-end"] = "true" };
        var value = new JsonMap { ["kind"] = request.Type.Kind, ["apiVersion"] = request.Version.ApiVersion, ["metadata"] = metadata };
        Raw(output, "BOOKMARK", form.Shape is AnswerShape.PartialMetadata ? TableRenderer.Partial(value, form.MetaVersion) : Table(value));
    }

    public static void Raw(IBufferWriter<byte> output, string type, JsonMap value) => Raw(output, type, JsonText.Bytes(value));

    private static void Raw(IBufferWriter<byte> output, string type, ReadOnlySpan<byte> value)
    {
        output.Write("{\"type\":\""u8);
        Encoding.ASCII.GetBytes(type, output);
        output.Write("\",\"object\":"u8);
        output.Write(value);
        output.Write("}\n"u8);
    }

    private JsonMap Shape(JsonMap value) => form.Shape is AnswerShape.PartialMetadata ? TableRenderer.Partial(value, form.MetaVersion) : Table(value);

    private JsonMap Table(JsonMap value)
    {
        if (form.Shape is not AnswerShape.Table) return value;
        var renderer = new TableRenderer(request.Version, form.MetaVersion, request.Query("includeObject") ?? "Metadata", time.GetUtcNow());
        // The columns stand in a stream's first table only.
        var first = !_columnsSent;
        _columnsSent = true;
        return renderer.Table([value], new JsonMap { ["resourceVersion"] = value.Text("metadata", "resourceVersion") }, first);
    }
}

using System.Text.Json.Serialization;

namespace Slipway.Web;

[JsonSerializable(typeof(string))]
internal sealed partial class WebJson : JsonSerializerContext;

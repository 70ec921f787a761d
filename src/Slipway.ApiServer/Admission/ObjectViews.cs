using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission;

/// <summary>The objects of a request in the version that a rule matched.</summary>
internal readonly record struct ObjectView(JsonMap? Object, JsonMap? OldObject);

/// <summary>Shows the objects of a request in other versions and takes them back.</summary>
internal sealed class ObjectViews(VersionConverter converter)
{
    public ValueTask<ObjectView> OfAsync(AdmissionAttributes attributes, MatchedResource resource) => IsSame(attributes, resource)
        ? new(new ObjectView(attributes.Object, attributes.OldObject))
        : ConvertAsync(attributes, resource);

    public async ValueTask<JsonMap> BackAsync(AdmissionAttributes attributes, MatchedResource resource, JsonMap value) => IsSame(attributes, resource)
        ? value
        : await ConvertAsync(value, resource, attributes.Asked, attributes.Request.Aborted);

    private static bool IsSame(AdmissionAttributes attributes, MatchedResource resource) => resource.Kind == attributes.Asked.Kind;

    private async ValueTask<ObjectView> ConvertAsync(AdmissionAttributes attributes, MatchedResource resource)
    {
        var cancelled = attributes.Request.Aborted;
        var value = attributes.Object is { } o ? await ConvertAsync(o, attributes.Asked, resource, cancelled) : null;
        var old = attributes.OldObject is { } before ? await ConvertAsync(before, attributes.Asked, resource, cancelled) : null;
        return new(value, old);
    }

    private async ValueTask<JsonMap> ConvertAsync(JsonMap value, MatchedResource from, MatchedResource to, CancellationToken cancellationToken)
    {
        var copy = JsonValues.Copy(value);
        if (from.Type.Custom) return await converter.ConvertAsync(copy, to.Type, to.Version.ApiVersion, cancellationToken);
        // Built-in resources that show the same objects meet in the form in which these are stored.
        from.Type.Strategy.ToStored(copy);
        copy["apiVersion"] = to.Version.ApiVersion;
        copy["kind"] = to.Type.Kind;
        to.Type.Strategy.FromStored(copy, to.Version);
        return copy;
    }
}

using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>The 403 for what nobody allowed, with the text that clients show and parse.</summary>
internal static class Refusal
{
    public static ApiException Of(in AccessRequest request, string reason)
    {
        var why = Sentence(request);
        if (reason.Length > 0) why += ": " + reason;
        return Of(request.Group, request.Resource, request.Name, why);
    }

    public static ApiException Of(string group, string resource, string name, string why)
    {
        var details = new JsonMap();
        if (name.Length > 0) details["name"] = name;
        if (group.Length > 0) details["group"] = group;
        if (resource.Length > 0) details["kind"] = resource;
        var qualified = group.Length > 0 ? $"{resource}.{group}" : resource;
        var head = resource.Length == 0 ? "forbidden" : name.Length == 0 ? $"{qualified} is forbidden" : $"{qualified} \"{name}\" is forbidden";
        return new(403, "Forbidden", $"{head}: {why}", details);
    }

    // The text may end up on a page, so that nothing in it may look like markup; upstream escapes the same three.
    private static string Sentence(in AccessRequest request)
    {
        var text = $"User {JsonText.Of(request.User.Name)} cannot {request.Verb} ";
        if (!request.IsResource) text += $"path {JsonText.Of(request.Path)}";
        else
        {
            var resource = request.Subresource.Length > 0 ? $"{request.Resource}/{request.Subresource}" : request.Resource;
            var place = request.Namespace.Length > 0 ? $"in the namespace {JsonText.Of(request.Namespace)}" : "at the cluster scope";
            text += $"resource {JsonText.Of(resource)} in API group {JsonText.Of(request.Group)} {place}";
        }

        return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }
}

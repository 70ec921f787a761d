using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Admission;

/// <summary>What is done in a request.</summary>
internal static class Operations
{
    public const string Create = "CREATE", Update = "UPDATE", Delete = "DELETE";
}

/// <summary>One request as admission sees it: who does what to which object.</summary>
internal sealed class AdmissionAttributes(ApiRequest request, string operation, string name, JsonMap? value, JsonMap? old)
{
    private JsonMap? _options;

    public ApiRequest Request { get; } = request;

    public string Operation { get; } = operation;

    public MatchedResource Asked { get; } = MatchedResource.Of(request);

    public string Subresource => Asked.Subresource;

    /// <summary>Gets the object's name; empty when the server has not made it yet, or for each object of a collection that is deleted.</summary>
    public string Name { get; } = name;

    /// <summary>Gets whether the request is for a namespace itself.</summary>
    public bool IsNamespace => Request.Type is { Group: "", Plural: "namespaces" };

    /// <summary>Gets the namespace; that of a namespace is itself.</summary>
    public string Namespace { get; } = request.Type is { Group: "", Plural: "namespaces" } ? name : request.Namespace ?? "";

    /// <summary>Gets or sets the object as it is to be; <see langword="null"/> when it is deleted.</summary>
    public JsonMap? Object { get; set; } = value;

    /// <summary>Gets the object as it is; <see langword="null"/> when it is created.</summary>
    public JsonMap? OldObject { get; } = old;

    public JsonMap Options => _options ??= AdmissionOptions.Of(Request, Operation);

    /// <summary>Refuses the request in the way of built-in admission.</summary>
    public ApiException Forbidden(string why)
    {
        var shown = Name.Length > 0 ? Name
            : Object?.Text("metadata", "name") is { Length: > 0 } own ? own
            : Object?.Text("metadata", "generateName") is { Length: > 0 } prefix ? prefix
            : "Unknown";
        return Errors.Forbidden(Request.Type, shown, why);
    }
}

using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Admission;

/// <summary>The options of a request in the form of their kind, as reviews show them. A patch has those of the create or update that it comes to.</summary>
internal static class AdmissionOptions
{
    private static readonly string[] s_writeMembers = ["fieldManager", "fieldValidation"];

    public static JsonMap Of(ApiRequest request, string operation)
    {
        var kind = operation switch
        {
            Operations.Create => "CreateOptions",
            Operations.Update => "UpdateOptions",
            _ => "DeleteOptions",
        };
        var options = new JsonMap { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (operation == Operations.Delete)
        {
            foreach (var name in (string[])["gracePeriodSeconds", "preconditions", "orphanDependents", "propagationPolicy"])
                if (request.DeleteBody?.At(name) is { } given) options[name] = given;
            if (request.Query("propagationPolicy") is { Length: > 0 } policy) options["propagationPolicy"] = policy;
            if (long.TryParse(request.Query("gracePeriodSeconds"), out var seconds)) options["gracePeriodSeconds"] = seconds;
        }
        else
        {
            foreach (var name in s_writeMembers)
                if (request.Query(name) is { Length: > 0 } given) options[name] = given;
        }

        if (request.DryRun) options["dryRun"] = JsonList.Of(["All"]);
        return options;
    }
}

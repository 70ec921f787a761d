using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Devices;
using Slipway.ApiServer.Kinds.Scheduling;
using Slipway.ApiServer.Kinds.Services;
using Slipway.ApiServer.Kinds.Storage;
using Slipway.ApiServer.Pods;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Kinds;

/// <summary>What a server does of itself with objects of built-in kinds because of other objects.</summary>
internal sealed class BuiltInAdmission(ObjectStore store, TimeProvider time)
{
    private readonly PodAdmission _pods = new(store);
    private readonly PodGroupAdmission _groups = new(store);
    private readonly AdminAccessAdmission _devices = new(store);
    private readonly ClaimAdmission _claims = new(store);
    private readonly ServiceAllocation _services = new(store, time);

    /// <summary>Completes a new object, before webhooks are asked.</summary>
    /// <exception cref="ApiException">It refers to something that does not exist.</exception>
    public void Admit(ApiRequest request, JsonMap value)
    {
        if (request.Type.Custom) return;
        _pods.Admit(request, value);
        _groups.Admit(request, value);
        _claims.Admit(request, value);
        _devices.Admit(request, value);
    }

    /// <summary>Gives a checked object what it must not share with others.</summary>
    /// <exception cref="ApiException">What it wants is another's, or its class forbids the change.</exception>
    public void Allocate(ApiRequest request, JsonMap value, JsonMap? old)
    {
        if (request.Type.Custom) return;
        _services.Allocate(request, value);
        if (old is not null) _claims.CheckGrowth(request, value, old);
    }
}

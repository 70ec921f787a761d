using System.Net;
using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Networking;

/// <summary>Network policies say which traffic they speak of, and who may send and get it.</summary>
internal sealed class NetworkPolicyStrategy : KindStrategy
{
    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (spec.List("policyTypes") is { Count: > 0 }) return;
        spec["policyTypes"] = JsonList.Of(spec.List("egress") is { Count: > 0 } ? ["Ingress", "Egress"] : ["Ingress"]);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        SelectorChecks.Check(map.Map("podSelector"), "spec.podSelector", errors);
        foreach (var (rules, peers) in ((string, string)[])[("ingress", "from"), ("egress", "to")])
            foreach (var rule in spec.Items(rules))
            {
                foreach (var port in rule.Items("ports")) Port(port);
                foreach (var peer in rule.Items(peers)) Peer(peer);
            }

        if (map.List("policyTypes") is { Count: > 2 } types)
        {
            spec.Invalid("policyTypes", types, "may not specify more than two policyTypes");
            return;
        }

        foreach (var (type, path) in spec.Texts("policyTypes"))
            if (type is not ("Ingress" or "Egress")) errors.Add(FieldError.NotSupported(path, type, ["Egress", "Ingress"]));
    }

    private static void Port(Spot port)
    {
        port.OneOf("protocol", "TCP", "UDP", "SCTP");
        if (port.Value.At("port") is string name)
        {
            foreach (var fault in Names.PortNameFaults(name)) port.Invalid("port", name, fault);
            if (port.Number("endPort") is { } named) port.Invalid("endPort", named, "may not be specified when `port` is non-numeric");
            return;
        }

        port.Within("port", 1, ushort.MaxValue);
        if (port.Number("endPort") is not { } end) return;
        if (port.Number("port") is not { } number) port.Invalid("endPort", end, "may not be specified when `port` is not specified");
        else if (end < number) port.Invalid("endPort", number, "must be greater than or equal to `port`");
    }

    private static void Peer(Spot peer)
    {
        var given = ((string[])["podSelector", "namespaceSelector", "ipBlock"]).Where(n => peer.Map(n) is not null).ToList();
        if (given.Count == 0) peer.Errors.Add(FieldError.Required(peer.Path, "must specify a peer"));
        if (given.Count > 1 && given.Contains("ipBlock")) peer.Errors.Add(FieldError.Forbidden(peer.Path, "may not specify both ipBlock and another peer"));
        foreach (var name in given.Where(g => g != "ipBlock")) SelectorChecks.Check(peer.Value.Map(name), peer.Of(name), peer.Errors);
        if (peer.Map("ipBlock") is not { } block) return;
        if (block.Text("cidr") is not { Length: > 0 } cidr)
        {
            block.Required("cidr");
            return;
        }

        if (!IPNetwork.TryParse(cidr, out var network))
        {
            block.Invalid("cidr", cidr, Addresses.NetworkFault);
            return;
        }

        foreach (var (text, path) in block.Texts("except"))
        {
            if (!IPNetwork.TryParse(text, out var inner)) peer.Errors.Add(FieldError.Invalid(path, text, Addresses.NetworkFault));
            else if (!network.Contains(inner.BaseAddress) || inner.PrefixLength <= network.PrefixLength)
                peer.Errors.Add(FieldError.Invalid(path, text, "must be a strict subset of `cidr`"));
        }
    }
}

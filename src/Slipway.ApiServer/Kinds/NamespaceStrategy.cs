using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Namespaces are active from the start and stay until they are empty.</summary>
internal sealed class NamespaceStrategy : PlainStrategy
{
    private const string Finalizer = "kubernetes";

    public override string? NameFault(string name) => Names.LabelFault(name);

    public override void PrepareForCreate(JsonMap value)
    {
        value["spec"] = new JsonMap { ["finalizers"] = JsonList.Of([Finalizer]) };
        value["status"] = new JsonMap { ["phase"] = "Active" };
    }

    public override void PrepareForUpdate(JsonMap value, JsonMap old) => value["spec"] = JsonValues.Copy(old.At("spec"));

    public override void Default(JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        if (metadata.Text("name") is { Length: > 0 } name) metadata.Ensure("labels")["kubernetes.io/metadata.name"] = name;
    }

    public override string? DeletionFault(string name) =>
        name is "default" or "kube-system" or "kube-public" ? "this namespace may not be deleted" : null;

    public override void PrepareForDelete(JsonMap value) => value.Ensure("status")["phase"] = "Terminating";

    public override bool HoldsDeletion(JsonMap value) => value.Map("spec")?.List("finalizers") is { Count: > 0 };
}

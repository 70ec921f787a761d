using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>What a kind does beyond its schema. The default does nothing.</summary>
internal class KindStrategy
{
    public static readonly KindStrategy None = new();

    /// <summary>Gets whether an update without a resource version overwrites, as the older built-in kinds allow.</summary>
    public virtual bool AllowsUnconditionalUpdate => true;

    /// <summary>Gets whether metadata.generation counts changes of the desired state.</summary>
    public virtual bool CountsGenerations => true;

    /// <summary>Gets the checks for the object's name.</summary>
    public virtual string? NameFault(string name) => Names.SubdomainFault(name);

    public virtual void PrepareForCreate(JsonMap value)
    {
    }

    public virtual void PrepareForUpdate(JsonMap value, JsonMap old)
    {
    }

    /// <summary>Derives fields after the schema's defaults were set.</summary>
    public virtual void Default(JsonMap value)
    {
    }

    public virtual void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
    }

    /// <summary>Gets why the object may not be deleted, or <see langword="null"/>.</summary>
    public virtual string? DeletionFault(string name) => null;

    public virtual void PrepareForDelete(JsonMap value)
    {
    }

    /// <summary>Gets whether a marked object must stay although it has no finalizer: a namespace that still holds objects.</summary>
    public virtual bool HoldsDeletion(JsonMap value) => false;

    /// <summary>Gets whether objects are stored in another form than this kind shows: two kinds that are views of one thing.</summary>
    public virtual bool HasStoredForm => false;

    public virtual void ToStored(JsonMap value)
    {
    }

    /// <summary>Shows a stored object in a version.</summary>
    public virtual void FromStored(JsonMap value, ServedVersion version)
    {
    }
}

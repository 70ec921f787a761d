using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>
/// Evaluates the x-kubernetes-validations of a schema. The one seam for CEL: rules are accepted and kept with the CRD,
/// and this decides whether a value obeys them.
/// </summary>
internal interface ISchemaRules
{
    /// <summary>Judges a whole object, defaulted and structurally valid; the stored one is <see langword="null"/> on creation.</summary>
    void Check(JsonMap value, JsonMap? old, Schema schema, List<FieldError> errors);
}

/// <summary>Judges no rule: every object that its schema admits is admitted.</summary>
internal sealed class UncheckedRules : ISchemaRules
{
    public void Check(JsonMap value, JsonMap? old, Schema schema, List<FieldError> errors)
    {
    }
}

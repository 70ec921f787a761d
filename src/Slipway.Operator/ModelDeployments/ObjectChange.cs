using System.Text.Json.Nodes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>A change to make to a runtime's object.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">Its name, in the deployment's namespace.</param>
public abstract record ObjectChange(string Kind, string Name);

/// <summary>Apply an object.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Object">The object.</param>
/// <param name="IsNew">Whether none of that name was seen that belongs to the deployment: one of somebody else's must not be taken over.</param>
public sealed record ApplyObject(string Kind, string Name, JsonObject Object, bool IsNew) : ObjectChange(Kind, Name);

/// <summary>Delete an object.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">Its name.</param>
public sealed record DeleteObject(string Kind, string Name) : ObjectChange(Kind, Name);

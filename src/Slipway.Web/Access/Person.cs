namespace Slipway.Web.Access;

/// <summary>Somebody, as the Kubernetes API knows them.</summary>
/// <param name="Name">The name that its roles and its audit log use.</param>
/// <param name="Groups">The groups that they are in.</param>
public sealed record Person(string Name, IReadOnlyList<string> Groups);

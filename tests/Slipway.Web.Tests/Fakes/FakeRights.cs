using Slipway.Web.Access;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Rights that a test takes; all others are there.</summary>
internal sealed class FakeRights : IRights
{
    private readonly HashSet<(Right, string?)> _taken = [];

    public event Action? Changed;

    public string? Fault { get; set; }

    public List<string> Looked { get; } = [];

    public void Take(Right right, string? space)
    {
        _taken.Add((right, space));
        Changed?.Invoke();
    }

    public void Give(Right right, string? space)
    {
        _taken.Remove((right, space));
        Changed?.Invoke();
    }

    public bool May(Right right, string? space, string? name = null) => Fault is null && !_taken.Contains((right, space));

    public string? Missing(Right right, string? space, string? name = null) => May(right, space, name) ? null : Fault ?? $"You may not {right} in {space ?? "the cluster"}. Ask ops.";

    public Task LookAsync(string space, CancellationToken cancellationToken, bool anew = false)
    {
        Looked.Add(space);
        return Task.CompletedTask;
    }
}

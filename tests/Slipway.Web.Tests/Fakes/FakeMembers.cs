using Slipway.Web.Access.Members;

namespace Slipway.Web.Tests.Fakes;

/// <summary>What a test says of who may do what.</summary>
internal sealed class FakeMembers : IMembers
{
    public bool AreThere { get; set; }

    public List<string> Asked { get; } = [];

    public Func<MemberList> Answer { get; set; } = static () => new MemberList([], null);

    public Task<MemberList> OfAsync(string space, CancellationToken cancellationToken)
    {
        Asked.Add(space);
        return Task.FromResult(Answer());
    }
}

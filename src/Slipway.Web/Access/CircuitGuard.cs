using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Slipway.Web.Access;

/// <summary>Lets nothing more into a circuit whose session is over.</summary>
/// <param name="visitor">Whose circuit it is.</param>
internal sealed class CircuitGuard(Visitor visitor) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context => visitor.Over.IsCancellationRequested ? Task.CompletedTask : next(context);
}

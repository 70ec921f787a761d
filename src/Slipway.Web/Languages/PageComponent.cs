using Microsoft.AspNetCore.Components;

namespace Slipway.Web.Languages;

/// <summary>
/// A component that stays in the language it was made in. What the browser does comes with its language; what changes elsewhere, as a deployment in the cluster, is told on a flow
/// that has none, and whoever looks is to be drawn to in theirs.
/// </summary>
public abstract class PageComponent : ComponentBase
{
    private readonly Language _language = Language.Current;

    /// <inheritdoc cref="ComponentBase.InvokeAsync(Action)"/>
    protected new Task InvokeAsync(Action workItem) => InvokeAsync(() =>
    {
        workItem();
        return Task.CompletedTask;
    });

    /// <inheritdoc cref="ComponentBase.InvokeAsync(Func{Task})"/>
    protected new Task InvokeAsync(Func<Task> workItem) => base.InvokeAsync(() =>
    {
        var before = Language.Current;
        Language.Current = _language;
        try
        {
            return workItem();
        }
        finally
        {
            Language.Current = before;
        }
    });
}

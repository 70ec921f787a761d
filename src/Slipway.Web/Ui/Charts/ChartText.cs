using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Slipway.Web.Ui.Charts;

/// <summary>Words in a drawing. A component in code, since Razor keeps the element's name for itself.</summary>
public sealed class ChartText : ComponentBase
{
    /// <summary>The classes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>Where across.</summary>
    [Parameter]
    public double X { get; set; }

    /// <summary>Where down; the line on which the words stand.</summary>
    [Parameter]
    public double Y { get; set; }

    /// <summary>The words.</summary>
    [Parameter, EditorRequired]
    public string Words { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", $"chart-text {Class}");
        builder.AddAttribute(2, "x", ChartPlot.Number(X));
        builder.AddAttribute(3, "y", ChartPlot.Number(Y));
        builder.AddContent(4, Words);
        builder.CloseElement();
    }
}

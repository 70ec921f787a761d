using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Layout;

/// <summary>A step of the tour.</summary>
/// <param name="Page">The page that it is about, shown behind it.</param>
/// <param name="Title">What is done there.</param>
/// <param name="Text">How, in two or three sentences.</param>
internal sealed record TourStep(string Page, string Title, string Text)
{
    /// <summary>From a model's name to its answer.</summary>
    public static IReadOnlyList<TourStep> All =>
    [
        new("/", T("Find a model"), T("Models of this machine come first, then those of the Hugging Face Hub. Type to search, or press / to get to the field. Each card says whether the model fits here.")),
        new("/models/slipway/tiny-chat", T("See whether it fits"), T("The bar adds up everything that takes memory, for the load that you give. Below it is where else it would run, how fast, and what that costs. What is not known says so.")),
        new("/deploy?model=slipway%2Ftiny-chat", T("Deploy it"), T("Three questions, and a sentence that says what will happen. The manifest beside them is all that is sent. Nothing runs before you press the button.")),
        new("/deployments", T("Watch it"), T("Deployments follow by themselves: chosen, scheduled, downloaded, loaded, answering. What stands in the way is said with what to do about it, and the page of each has its log and traffic.")),
        new("/playground", T("Ask it"), T("Once it is ready, ask it here, or two models side by side. Its own page has the address and the lines of code that a program needs.")),
    ];
}

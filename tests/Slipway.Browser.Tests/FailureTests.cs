using Slipway.Testing.Gguf;
using Slipway.Testing.Hub;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser.Tests;

/// <summary>What a person sees when something does not go well: what happened, why, and what to do.</summary>
[Trait("Speed", "slow")]
public sealed class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_that_fails_says_why_and_what_to_do()
    {
        await using var hub = await FakeHub.StartAsync();
        var gated = hub.Add("acme/gated").With("m.gguf", RandomModel.Bytes());
        (gated.Gated, gated.Token) = (true, "hf_of_somebody_else");
        await using var person = await Person.SitDownAsync(Token, hub.Endpoint);
        var page = await person.OpenAsync("/deploy?model=acme%2Fgated");
        await page.Locator("#send").ClickAsync();

        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/deployments/default/gated$"));
        await Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Failed");
        await Expect(page.Locator(".step.failed .step-title")).ToContainTextAsync("Weights downloaded");
        var notice = page.Locator(".notice.bad").First;
        await Expect(notice.Locator(".notice-title")).ToHaveTextAsync("Its weights cannot be had");
        await Expect(notice).ToContainTextAsync("acme/gated");
        await Expect(notice).ToContainTextAsync("token");
    }

    [Fact]
    public async Task A_model_that_does_not_fit_says_by_how_much_and_what_would()
    {
        await using var person = await Person.SitDownAsync(Token, lay: LayHuge);
        var page = await person.OpenAsync("/");
        await Expect(page.Locator("[data-model='acme/huge'] .gauge-words")).ToHaveTextAsync("Too large");
        await Expect(page.Locator("[data-model='acme/huge']")).ToContainTextAsync("It needs 756");

        page = await person.OpenAsync("/deploy?model=acme%2Fhuge");
        var notice = page.Locator(".notice.bad");
        await Expect(notice).ToContainTextAsync("It needs 756");
        await Expect(notice).ToContainTextAsync("Take a smaller quantisation, or a machine with more memory.");

        page = await person.OpenAsync("/models/acme/huge");
        await Expect(page.Locator("tr", new() { HasText = "H100 SXM5 80GB" }).First).ToContainTextAsync("It fits with weights in 8 bits");
        Assert.Empty(person.Complaints);
    }

    // Llama 3.1 405B by its shape: nothing of its weights is needed to judge it.
    private static void LayHuge(string data)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data, "models", "acme", "huge")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), """
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":16384,"intermediate_size":53248,"num_attention_heads":128,"num_hidden_layers":126,
             "num_key_value_heads":8,"vocab_size":128256,"max_position_embeddings":131072,"torch_dtype":"bfloat16","tie_word_embeddings":false}
            """);
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), """{"metadata":{"total_size":811706228736},"weight_map":{"lm_head.weight":"model-00001-of-00001.safetensors"}}""");
    }
}

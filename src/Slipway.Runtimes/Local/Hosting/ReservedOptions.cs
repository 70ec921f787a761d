namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Options of llama-server that a manifest may not set, and why.</summary>
internal static class ReservedOptions
{
    private const string Network = "Slipway chooses the address itself, and clients come through its gateway.";
    private const string Model = "it follows from spec.model and spec.engine.";
    private const string Code = "it would let a request run programs or read files on this machine.";
    private const string Files = "it would write files of the manifest author's choice on this machine; logs are kept by Slipway.";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["--host"] = Network,
        ["--port"] = Network,
        ["--reuse-port"] = Network,
        ["--api-prefix"] = Network,
        ["--api-key"] = Network,
        ["--api-key-file"] = Network,
        ["--ssl-key-file"] = Network,
        ["--ssl-cert-file"] = Network,
        ["--model"] = Model,
        ["-m"] = Model,
        ["--alias"] = Model,
        ["-a"] = Model,
        ["--model-url"] = Model,
        ["-mu"] = Model,
        ["--hf-repo"] = Model,
        ["-hf"] = Model,
        ["-hfr"] = Model,
        ["--hf-file"] = Model,
        ["-hff"] = Model,
        ["--hf-token"] = "give the token in secrets.huggingFaceToken.",
        ["-hft"] = "give the token in secrets.huggingFaceToken.",
        ["--models-dir"] = Model,
        ["--models-preset"] = Model,
        ["--models-max"] = Model,
        ["--tools"] = Code,
        ["--tools-runtime"] = Code,
        ["--agent"] = Code,
        ["-ag"] = Code,
        ["--mcp-servers-config"] = Code,
        ["--mcp-servers-json"] = Code,
        ["--ui-mcp-proxy"] = Code,
        ["--webui-mcp-proxy"] = Code,
        ["--media-path"] = Code,
        ["--path"] = Code,
        ["--props"] = Code,
        ["--video-ffmpeg-dir"] = Code,
        ["--log-file"] = Files,
        ["--log-disable"] = Files,
        ["--log-prompts-dir"] = Files,
        ["--slot-save-path"] = Files,
        ["--help"] = "the engine would end at once.",
        ["-h"] = "the engine would end at once.",
        ["--version"] = "the engine would end at once.",
    };

    private static readonly string[] s_variables = ["LLAMA_ARG_", "LLAMA_API_KEY", "LD_", "DYLD_", "GGML_BACKEND_"];

    /// <summary>Why an option is reserved; null when it is free.</summary>
    public static string? Why(string option) => s_reasons.GetValueOrDefault(option);

    /// <summary>Whether a variable would do what a reserved option does.</summary>
    public static bool IsReservedVariable(string name) =>
        s_variables.Any(p => name.StartsWith(p, StringComparison.Ordinal));
}
